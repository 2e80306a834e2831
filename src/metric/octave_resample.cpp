#include "metric/octave_resample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "soundalike/resample.hpp"

namespace soundalike::metric {
namespace {

constexpr long largest_factor = 4096;

/// Taps -length ... length of the low pass, their sum 1.
std::vector<double> low_pass(long up, long down) {
  constexpr double rejection_db = 60.0;
  const double cutoff = 1.0 / (2.0 * static_cast<double>(std::max(up, down)));
  const auto length = static_cast<long>(std::ceil((rejection_db - 8.0) / (28.714 * cutoff / 10.0)));
  const double beta = 0.1102 * (rejection_db - 8.7);
  std::vector<double> taps;
  for (long t = -length; t <= length; ++t) {
    const double x = 2.0 * cutoff * static_cast<double>(t) * std::numbers::pi;
    const double at = static_cast<double>(t) / static_cast<double>(length);
    const double window = std::cyl_bessel_i(0.0, beta * std::sqrt(std::max(0.0, 1.0 - at * at)));
    taps.push_back((t == 0 ? 1.0 : std::sin(x) / x) * window);
  }
  const double sum = std::reduce(taps.begin(), taps.end());
  for (double& tap : taps) tap /= sum;
  return taps;
}

/// In lanes of fixed order: as fast as the vectoriser likes, rounded alike everywhere.
double dot(const double* taps, const float* samples, std::size_t n) {
  constexpr std::size_t width = 8;
  std::array<double, width> lanes{};
  std::size_t i = 0;
  for (; i + width <= n; i += width) {
    for (std::size_t k = 0; k < width; ++k) lanes[k] += taps[i + k] * double{samples[i + k]};
  }
  for (std::size_t k = 0; i < n; ++i, ++k) lanes[k] += taps[i] * double{samples[i]};
  return std::accumulate(lanes.begin(), lanes.end(), 0.0);
}

}  // namespace

std::vector<double> octave_resample(std::span<const float> audio, SampleRate from, SampleRate to) {
  const long from_hz = std::lround(from.hz), to_hz = std::lround(to.hz);
  const long common = std::gcd(from_hz, to_hz);
  const long up = to_hz / common, down = from_hz / common;
  if (up == down) return {audio.begin(), audio.end()};
  if (std::max(up, down) > largest_factor) {
    const AudioBuffer other = resample(AudioView(audio.data(), 1, audio.size(), audio.size(), from), to);
    return {other.channel(0).begin(), other.channel(0).end()};
  }
  const std::vector<double> taps = low_pass(up, down);
  const auto half = static_cast<long>(taps.size() / 2), frames = static_cast<long>(audio.size());
  // The taps of each phase in the order of the samples they meet: a dot product per output.
  std::vector<std::vector<double>> phases(static_cast<std::size_t>(up));
  for (long phase = 0; phase < up; ++phase) {
    auto& out = phases[static_cast<std::size_t>(phase)];
    for (long t = phase; t <= 2 * half; t += up) {
      out.push_back(taps[static_cast<std::size_t>(t)] * static_cast<double>(up));
    }
    std::ranges::reverse(out);
  }
  std::vector<double> out(static_cast<std::size_t>((frames * up + down - 1) / down));
  for (std::size_t m = 0; m < out.size(); ++m) {
    // Tap t = half + m down - j up meets sample j; the last sample is that with the smallest t >= 0.
    const long at = half + static_cast<long>(m) * down;
    const auto& phase = phases[static_cast<std::size_t>(at % up)];
    const long first = at / up - static_cast<long>(phase.size()) + 1;
    const long begin = std::max(0L, -first), end = std::min(static_cast<long>(phase.size()), frames - first);
    out[m] = dot(phase.data() + begin, audio.data() + first + begin, static_cast<std::size_t>(end - begin));
  }
  return out;
}

}  // namespace soundalike::metric
