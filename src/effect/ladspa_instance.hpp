#pragma once

#include <memory>
#include <span>

#include "effect/ladspa_model.hpp"
#include "effect/port_instance.hpp"

namespace soundalike {

/// Everything about a loaded plugin that its instances share.
struct LadspaPlugin {
  LadspaModel model;
  const void* descriptor = nullptr;  ///< LADSPA_Descriptor
  RenderSetup setup;
};

/// One instance of a LADSPA plugin with buffers for all its ports. All memory starts as zeros.
class LadspaInstance : public PortInstance {
 public:
  /// @param plain one value per parameter of the model, in the plugin's own numbers.
  /// @throws Error plugin_failed when the plugin makes no instance.
  LadspaInstance(const LadspaPlugin& plugin, std::span<const float> plain);
  ~LadspaInstance() override;

  void run(std::size_t frames) override;
  float reported_latency() const override;

 private:
  void connect(std::span<const float> plain);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
