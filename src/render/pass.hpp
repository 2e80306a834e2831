#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "soundalike/effect.hpp"

namespace soundalike::farm {

/// Largest |sample| of audio that may hold NaN or infinity: those count as infinite.
float peak_of(std::span<const float> samples);

/// One recording through a fresh instance, block by block on a fixed grid, so that a whole clip and a stream of pieces
/// give the same bits: full blocks, then silence for as long as the latency lasts; only the last block may be shorter.
///
/// The plugin works in buffers of its own. Shared clips cannot be harmed by a plugin that writes to its input.
class Pass {
 public:
  Pass(const Effect& effect, std::span<const float> settings);

  /// Frames of output still wanted when all `frames` of the recording are known.
  bool finished(std::size_t frames) const { return fed_ >= frames + latency_; }
  /// Frames of the recording that the next step wants, given that it has `frames` in all.
  std::size_t wanted(std::size_t frames) const { return fed_ < frames ? std::min(block_, frames - fed_) : 0; }
  struct Output {
    std::array<const float*, 2> data;  ///< per channel, valid until the next step
    std::size_t frames;                ///< latency already removed; may be 0
  };
  /// Feeds wanted(frames) frames from `in`, or silence where the recording has ended.
  /// @param frames of the recording, or any number beyond the block in hand while its end is unknown.
  Output step(const std::array<const float*, 2>& in, std::size_t frames);

  std::size_t latency() const { return latency_; }
  /// Of all raw output so far; infinite once there was a NaN or an infinity.
  float peak() const { return peak_; }

 private:
  std::size_t channels_;
  std::size_t block_;
  double rate_;
  std::vector<float> memory_;
  std::array<float*, 2> in_{};
  std::array<float*, 2> out_{};
  std::unique_ptr<EffectRun> run_;
  std::size_t fed_ = 0;  // of the recording and the silence behind it
  std::size_t latency_ = 0;
  float peak_ = 0.0f;
};

}  // namespace soundalike::farm
