#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "soundalike/level.hpp"

namespace soundalike {
namespace {

constexpr double offset_db = -0.691;
constexpr double absolute_gate_lufs = -70.0;
constexpr double relative_gate_db = -10.0;
constexpr std::size_t hops_per_block = 4;

using Pair = double __attribute__((vector_size(2 * sizeof(double))));  // left and right

/// A filter of second order on two channels at once.
class Biquad {
 public:
  Biquad(double b0, double b1, double b2, double a1, double a2) : b0_(b0), b1_(b1), b2_(b2), a1_(a1), a2_(a2) {}
  Pair operator()(Pair x) {
    const Pair y = b0_ * x + first_;
    first_ = (b1_ * x + second_) - a1_ * y;
    second_ = b2_ * x - a2_ * y;
    return y;
  }

 private:
  double b0_, b1_, b2_, a1_, a2_;
  Pair first_{}, second_{};
};

// BS.1770-4 gives both filters at 48 kHz; these are the analogue ones behind them, by the bilinear transform.
Biquad shelf(double rate) {
  constexpr double hz = 1681.974450955533, gain_db = 3.999843853973347, q = 0.7071752369554196;
  const double k = std::tan(std::numbers::pi * hz / rate), high = std::pow(10.0, gain_db / 20.0),
               band = std::pow(high, 0.4996667741545416), a0 = 1.0 + k / q + k * k;
  return {(high + band * k / q + k * k) / a0, 2.0 * (k * k - high) / a0, (high - band * k / q + k * k) / a0,
          2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0};
}

Biquad high_pass(double rate) {
  constexpr double hz = 38.13547087602444, q = 0.5003270373238773;
  const double k = std::tan(std::numbers::pi * hz / rate), a0 = 1.0 + k / q + k * k;
  return {1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0};
}

double lufs_of(double energy) { return offset_db + 10.0 * std::log10(energy); }

/// Mean of what lies above the gate, 0 when nothing does.
double mean_above(const std::vector<double>& energies, double lufs) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const double energy : energies) {
    if (energy <= 0.0 || lufs_of(energy) < lufs) continue;
    sum += energy;
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : 0.0;
}

/// Mean squares, summed over the channels, of blocks of 400 ms every 100 ms.
std::vector<double> block_energies(AudioView audio) {
  const double rate = audio.sample_rate().hz;
  const std::size_t hop = (static_cast<std::size_t>(std::lround(rate)) + 5) / 10, hops = audio.frames() / hop;
  Biquad first = shelf(rate), second = high_pass(rate);
  const float* left = audio.channel(0).data();
  const float* right = audio.channel(audio.channels() - 1).data();
  std::vector<double> sums(hops);
  for (std::size_t h = 0; h < hops; ++h) {
    Pair sum{};
    for (std::size_t i = h * hop; i < (h + 1) * hop; ++i) {
      const Pair y = second(first(Pair{static_cast<double>(left[i]), static_cast<double>(right[i])}));
      sum += y * y;
    }
    sums[h] = audio.channels() == 2 ? sum[0] + sum[1] : sum[0];
  }
  std::vector<double> energies;
  for (std::size_t h = 0; h + hops_per_block <= hops; ++h) {
    energies.push_back((sums[h] + sums[h + 1] + sums[h + 2] + sums[h + 3]) / static_cast<double>(hops_per_block * hop));
  }
  return energies;
}

}  // namespace

double quick_lufs(AudioView audio) {
  if (audio.channels() == 0 || audio.channels() > 2 || audio.sample_rate().hz < 8000.0) return measure_lufs(audio);
  const std::vector<double> energies = block_energies(audio);
  const double loud = mean_above(energies, absolute_gate_lufs);
  if (loud <= 0.0) return measure_lufs(audio);
  return lufs_of(mean_above(energies, lufs_of(loud) + relative_gate_db));
}

}  // namespace soundalike
