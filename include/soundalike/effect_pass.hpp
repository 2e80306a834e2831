#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "soundalike/effect.hpp"

namespace soundalike {

/// One recording through a fresh instance, block by block on a fixed grid, so that a whole clip and a stream of pieces
/// give the same bits: full blocks, silence behind the recording for as long as the latency lasts, and the last block
/// alone may be shorter. The first is always full, however short the recording: before it the latency, and with it what
/// is still to come, is not known.
///
///   EffectPass pass(effect, settings);
///   while (!pass.finished(frames)) use(pass.step(next(pass.wanted(frames)), frames));
///
/// A plugin works in buffers of its own: it cannot harm a recording by writing to its input. For one thread.
class EffectPass {
 public:
  /// @throws Error as Effect::start().
  EffectPass(const Effect& effect, std::span<const float> settings);

  /// Whether nothing is left to do when all `frames` of the recording are known.
  bool finished(std::size_t frames) const { return frames == 0 || fed_ >= frames + latency_; }
  /// Frames of the recording that the next step wants, given that it has `frames` in all.
  std::size_t wanted(std::size_t frames) const { return fed_ < frames ? std::min(block_, frames - fed_) : 0; }
  struct Output {
    std::array<const float*, 2> data;  ///< per channel, valid until the next step
    std::size_t frames;                ///< latency already removed; may be 0
  };
  /// Feeds wanted(frames) frames from `in`, or silence where the recording has ended.
  /// @param frames of the recording, or any number beyond the block in hand while its end is unknown.
  /// @throws Error as EffectRun::process().
  Output step(const std::array<const float*, 2>& in, std::size_t frames);
  /// A whole recording: all its steps, or as many as it takes to exceed `peak_limit`.
  /// @param out per channel room for as many frames as `in` has.
  void run(AudioView in, const std::array<float*, 2>& out, float peak_limit = std::numeric_limits<float>::infinity());

  std::size_t latency() const { return latency_; }
  /// Of all output so far; infinite once there was a NaN or an infinity.
  float peak() const { return peak_; }

 private:
  Output step(const std::array<const float*, 2>& in, std::size_t frames, const std::array<float*, 2>& out);

  std::size_t channels_;
  std::size_t block_;
  std::vector<float> memory_;
  std::array<float*, 2> in_{};
  std::array<float*, 2> out_{};
  std::unique_ptr<EffectRun> run_;
  std::size_t fed_ = 0;  // of the recording and the silence behind it
  std::size_t latency_ = 0;
  float peak_ = 0.0f;
};

}  // namespace soundalike
