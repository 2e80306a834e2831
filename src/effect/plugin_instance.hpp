#pragma once

#include <cstddef>

namespace soundalike {

/// One instance of a plugin with buffers for its main audio ports, at most two each way. For one thread.
///
/// Every audio buffer a plugin sees is aligned to 64 bytes, so that it takes the same path through its vector code
/// wherever the recording lies. Inputs are copies: a plugin that scribbles on its input spoils nothing.
class PluginInstance {
 public:
  virtual ~PluginInstance() = default;
  virtual float* input(std::size_t channel) = 0;  ///< block_size frames, to be filled before run()
  /// What run() wrote, unless it was redirected.
  virtual const float* output(std::size_t channel) const = 0;
  /// Has the plugin write to `frames` instead of output(channel) until told otherwise; null: to output(channel) again.
  /// @param frames block_size frames or as many as are run, is_aligned().
  virtual void redirect(std::size_t channel, float* frames) = 0;
  /// @throws Error plugin_failed when the plugin throws.
  virtual void run(std::size_t frames) = 0;
  /// After the first run: whether it has to be done again, the plugin now being as before it, because with its settings
  /// the plugin learnt that it needs to start otherwise. @throws Error as run().
  virtual bool restarted() { return false; }
  /// Frames, as the plugin last said; 0 when it says nothing.
  virtual float reported_latency() const = 0;
};

}  // namespace soundalike
