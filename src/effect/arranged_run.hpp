#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "effect/plugin_instance.hpp"
#include "soundalike/effect.hpp"

namespace soundalike {

/// Fits a plugin's audio ports (at most two main ones each way) to the channels of the setup:
///
///   plugin in -> out   mono audio                                stereo audio
///   1 -> 1             as it is                                  two instances, left and right
///   1 -> 2             the mean of both outputs                  fed the mean of left and right
///   2 -> 1             the input on both                         the output on left and right
///   2 -> 2             the input on both, the mean of both out   as it is
class ArrangedRun : public EffectRun {
 public:
  struct Shape {
    std::string name;  ///< for errors
    std::size_t inputs = 1;
    std::size_t outputs = 1;
    RenderSetup setup;
    bool whole_blocks = false;  ///< the plugin insists on blocks of one size
  };
  /// @param make_instance makes one instance; called once or twice, as the shape needs.
  ArrangedRun(Shape shape, const std::function<std::unique_ptr<PluginInstance>()>& make_instance);
  std::size_t latency() const override { return latency_.value_or(0); }
  void process(const float* const* in, float* const* out, std::size_t frames) override;

 private:
  void repeat_where_restarted(const float* const* in, std::size_t frames, std::size_t run_frames);
  void feed(const float* const* in, std::size_t frames);
  void collect(float* const* out, std::size_t frames) const;
  void copy_in(float* to, const float* from, std::size_t frames) const;
  void silence_rest(float* to, std::size_t frames) const;
  std::size_t checked_latency() const;

  Shape shape_;
  std::vector<std::unique_ptr<PluginInstance>> instances_;
  std::optional<std::size_t> latency_;
};

/// @throws Error invalid_argument for a rate, channel count or block size that no plugin could take.
void check_setup(const std::string& name, const RenderSetup& setup);

}  // namespace soundalike
