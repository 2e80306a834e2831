#pragma once

#include <cstddef>

namespace soundalike {

/// One instance of a plugin with buffers for its main audio ports, at most two each way. For one thread.
///
/// Every audio buffer a plugin sees is aligned to 64 bytes, so that it takes the same path through its vector code
/// wherever the recording lies. They are its own: one that scribbles on its input or writes beyond its output spoils
/// nothing, and one that leaves its output alone repeats itself, not what lay there before.
class PluginInstance {
 public:
  virtual ~PluginInstance() = default;
  virtual float* input(std::size_t channel) = 0;  ///< block_size frames, to be filled before run()
  /// What run() wrote.
  virtual const float* output(std::size_t channel) const = 0;
  /// @throws Error plugin_failed when the plugin throws.
  virtual void run(std::size_t frames) = 0;
  /// After the first run: whether it has to be done again, the plugin now being as before it, because with its settings
  /// the plugin learnt that it needs to start otherwise. @throws Error as run().
  virtual bool restarted() { return false; }
  /// Frames, as the plugin last said; 0 when it says nothing.
  virtual float reported_latency() const = 0;
};

}  // namespace soundalike
