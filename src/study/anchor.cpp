#include "soundalike/anchor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr double attenuation_db = 62.0;  // two above what is promised, for rounding
constexpr double beta = 0.1102 * (attenuation_db - 8.7);

constexpr std::size_t block = 2048;  // frames summed at a time: stays in the first cache

// Modified Bessel function of the first kind and order 0, by its series.
double bessel_i0(double x) {
  double term = 1.0;
  double sum = 1.0;
  for (int k = 1; term > 1e-17 * sum; ++k) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }
  return sum;
}

// Symmetric, of odd length, gain 1 at 0 Hz.
std::vector<double> low_pass(double rate, double pass_hz, double stop_hz) {
  const double width = 2.0 * std::numbers::pi * (stop_hz - pass_hz) / rate;
  const auto half = static_cast<int>(std::ceil((attenuation_db - 7.95) / (2.285 * width) / 2.0));
  const double center = (pass_hz + stop_hz) / rate;  // of the transition, in multiples of half the rate
  std::vector<double> taps;
  double sum = 0.0;
  for (int n = -half; n <= half; ++n) {
    const double at = static_cast<double>(n) / (half + 1);
    const double phase = std::numbers::pi * center * n;
    const double sinc = n == 0 ? center : center * std::sin(phase) / phase;
    taps.push_back(sinc * bessel_i0(beta * std::sqrt(1.0 - at * at)) / bessel_i0(beta));
    sum += taps.back();
  }
  for (double& tap : taps) tap /= sum;
  return taps;
}

}  // namespace

AudioBuffer low_pass_anchor(AudioView reference, double cutoff_hz) {
  const double rate = reference.sample_rate().hz;
  const double stop_hz = cutoff_hz * 8.0 / 7.0;
  if (rate < 2.0 * stop_hz) {
    throw Error(
        ErrorCode::unsupported,
        fmt::format("cannot make an anchor of {} Hz from audio at {} Hz: it would be the reference itself; needs {} "
                    "Hz",
                    cutoff_hz, rate, std::ceil(2.0 * stop_hz)));
  }
  const std::vector<double> taps = low_pass(rate, cutoff_hz, stop_hz);
  const std::size_t half = taps.size() / 2;
  AudioBuffer out(reference.channels(), reference.frames(), reference.sample_rate());
  std::vector<double> padded(reference.frames() + 2 * half);
  for (std::size_t c = 0; c < reference.channels(); ++c) {
    std::ranges::copy(reference.channel(c), padded.begin() + static_cast<std::ptrdiff_t>(half));
    const auto to = out.channel(c);
    for (std::size_t first = 0; first < to.size(); first += block) {
      const std::size_t count = std::min(block, to.size() - first);
      std::array<double, block> sums{};
      for (std::size_t k = 0; k < taps.size(); ++k) {
        const double tap = taps[k];
        const double* from = padded.data() + first + k;
        for (std::size_t i = 0; i < count; ++i) sums[i] += tap * from[i];
      }
      for (std::size_t i = 0; i < count; ++i) to[first + i] = static_cast<float>(sums[i]);
    }
  }
  return out;
}

}  // namespace soundalike
