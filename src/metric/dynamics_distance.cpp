#include <cmath>
#include <numbers>

#include "metric/rows.hpp"

namespace soundalike::metric {
namespace {

constexpr double short_ms = 50.0;
constexpr double long_ms = 3000.0;
constexpr float power_floor = 1e-8f;  // -80 dBFS

/// y[n] = y[n - 1] + (x[n] - y[n - 1]) * (1 - exp(-2.2 / (time * rate))): 10 % to 90 % of a step in `time`.
std::vector<double> averaged(std::span<const float> audio, double milliseconds, double rate) {
  const double coefficient = -std::expm1(-2200.0 / milliseconds / rate);
  std::vector<double> out(audio.size());
  double y = 0.0;
  for (std::size_t i = 0; i < audio.size(); ++i) {
    y += (std::max(audio[i] * audio[i], power_floor) - y) * coefficient;
    out[i] = y;
  }
  return out;
}

/// The level of the moment relative to that of the seconds around it, dB, [channels x frames]. The long average lags
/// behind the short one by half the difference of their times, so it is looked up that much later, and the end, for
/// which it is not known, is left out.
struct LocalDynamics {
  explicit LocalDynamics(AudioView audio) {
    const double rate = audio.sample_rate().hz;
    const auto lag = static_cast<std::size_t>(rate * (long_ms - short_ms) * 0.0005);
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      const auto moment = averaged(audio.channel(c), short_ms, rate);
      const auto around = averaged(audio.channel(c), long_ms, rate);
      for (std::size_t i = 0; i + lag < moment.size(); ++i) {
        db.push_back(static_cast<float>(10.0 * std::log10(moment[i] / around[i + lag])));
      }
    }
  }
  std::vector<float> db;
};

}  // namespace

constexpr Metric dynamics_distance{
    .name = "dynamics-distance",
    .unit = "dB",
    .summary = "mean absolute difference over time of the 50 ms level relative to the 3 s level around it",
    .source = "loudness dynamic range loss of DiffVox (Yu et al. 2025), in dB and without wrapping around the end",
    .needs = {.seconds = 1.5},
    .compute = [](const MetricAudio& output, const MetricAudio& target) {
      const auto& a = output.feature<LocalDynamics>().db;
      const auto& b = target.feature<LocalDynamics>().db;
      double sum = 0.0;
      for (std::size_t i = 0; i < b.size(); ++i) sum += std::abs(double{a[i]} - double{b[i]});
      return sum / static_cast<double>(b.size());
    }};

}  // namespace soundalike::metric
