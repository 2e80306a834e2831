#pragma once

#include <memory>
#include <span>

#include "effect/lv2_model.hpp"
#include "effect/port_instance.hpp"

namespace soundalike {

class Lv2World;

/// Everything about a loaded plugin that its instances share.
struct Lv2Plugin {
  Lv2Model model;
  const void* descriptor = nullptr;  ///< LV2_Descriptor
  RenderSetup setup;
  const Lv2World* default_state = nullptr;  ///< where to restore the default state from; null: no need
};

/// One instance of an LV2 plugin with buffers for all its ports. All memory starts as zeros.
class Lv2Instance : public PortInstance {
 public:
  /// @param plain one value per parameter of the model, in the plugin's own numbers.
  /// @throws Error plugin_failed when the plugin makes no instance.
  Lv2Instance(const Lv2Plugin& plugin, std::span<const float> plain);
  ~Lv2Instance() override;

  void run(std::size_t frames) override;
  float reported_latency() const override;

 private:
  void connect();

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
