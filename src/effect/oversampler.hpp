#pragma once

#include <array>
#include <cstddef>

namespace soundalike {

/// Runs a function of one sample at four times the sample rate, so that the harmonics it makes do not fold back into
/// the sound. Both ways through a linear-phase low-pass (Kaiser window, flat within 0.01 dB to 0.4 of the sample rate,
/// 80 dB down from 0.6 of it); together they delay by `latency` frames exactly. For one channel.
class Oversampler {
 public:
  static constexpr std::size_t factor = 4;
  static constexpr std::size_t latency = 32;

  Oversampler();
  template <typename Function>
  float operator()(float x, const Function& function) {
    Phases fast = up(x);
    for (std::size_t p = 0; p < factor; ++p) fast[p] = function(fast[p]);
    return down(fast);
  }

 private:
  static constexpr std::size_t taps_per_phase = latency + 1;
  /// The four phases side by side: one instruction for all.
  using Phases [[gnu::vector_size(factor * sizeof(float))]] = float;
  Phases up(float x);
  float down(Phases fast);

  // [tap][phase]; histories twice as long as needed, written twice, so that the newest taps lie in one piece.
  std::array<Phases, taps_per_phase> kernel_;
  std::array<float, 2 * taps_per_phase> slow_{};
  std::array<Phases, 2 * taps_per_phase> fast_{};
  Phases before_{};
  std::size_t slow_at_ = 0, fast_at_ = 0;
};

}  // namespace soundalike
