#pragma once

#include <memory>
#include <span>

#include "effect/lv2_model.hpp"

namespace soundalike {

class Lv2World;

/// Everything about a loaded plugin that its instances share.
struct Lv2Plugin {
  Lv2Model model;
  const void* descriptor = nullptr;  ///< LV2_Descriptor
  RenderSetup setup;
  const Lv2World* default_state = nullptr;  ///< where to restore the default state from; null: no need
};

/// One instance of a plugin with buffers for all its ports. All memory starts as zeros. For one thread.
///
/// Every audio buffer a plugin sees is aligned to 64 bytes, so that it takes the same path through its vector code
/// wherever the recording lies. Inputs are copies: a plugin that scribbles on its input spoils nothing.
class Lv2Instance {
 public:
  /// @param plain one value per parameter of the model, in the plugin's own numbers.
  /// @throws Error plugin_failed when the plugin makes no instance.
  Lv2Instance(const Lv2Plugin& plugin, std::span<const float> plain);
  ~Lv2Instance();
  Lv2Instance(Lv2Instance&&) noexcept;

  float* input(std::size_t channel);               ///< block_size frames, to be filled before run()
  const float* output(std::size_t channel) const;  ///< what run() wrote, unless it was redirected
  /// Has the plugin write to `frames` instead of output(channel) until told otherwise; null: to output(channel) again.
  /// @param frames block_size frames or as many as are run, can_redirect_to() it.
  void redirect(std::size_t channel, float* frames);
  static bool can_redirect_to(const float* frames);
  /// @throws Error plugin_failed when the plugin throws.
  void run(std::size_t frames);
  float reported_latency() const;  ///< frames, as the plugin last said; 0 when it says nothing

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
