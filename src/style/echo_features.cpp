// Fixed combs and short echoes: peaks of the cepstrum of the long-term log spectrum, from 0.2 to 160 ms.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "style/fast_log.hpp"
#include "style/features.hpp"
#include "style/kernels.hpp"

namespace soundalike::style {
namespace {

constexpr std::size_t echo_bins = 32;
constexpr double echo_first_ms = 0.2;
constexpr double echo_last_ms = 160.0;

}  // namespace

void FeatureExtractor::write_echoes(const std::vector<float>& signal, FeatureWriter& out) const {
  const std::size_t count = slow_.frames(signal.size());
  const std::size_t bins = slow_.bins();
  const Fft& fft = slow_.fft();
  const auto usable = std::min(bins, static_cast<std::size_t>(0.95 * view_.bandwidth_hz / view_.sample_rate.hz *
                                                              static_cast<double>(fft.size())));
  // The mean over frames of the log: pitch moves and averages out, an echo's ripple stays.
  std::vector<float> mean(bins, 0.0f);
  slow_.each(signal, [&](std::size_t, float* density) {
    to_decibels(density, bins, 1e-7f);
    accumulate(density, mean.data(), bins);
  });
  const float offset = sum(mean.data(), usable) / static_cast<float>(usable);
  const auto taper = static_cast<double>(usable) / 16.0;
  std::vector<std::complex<float>> spectrum(bins);
  for (std::size_t k = 0; k < usable; ++k) {
    const double edge = std::min(static_cast<double>(k), static_cast<double>(usable - k)) / taper;
    const double weight = edge < 1.0 ? 0.5 - 0.5 * std::cos(std::numbers::pi * edge) : 1.0;
    spectrum[k] = static_cast<float>((mean[k] - offset) / static_cast<float>(count) * weight);
  }
  std::vector<float> cepstrum(fft.size());
  fft.inverse(spectrum, cepstrum);
  const float scale = static_cast<float>(fft.size()) / (2.0f * static_cast<float>(usable));

  const double per_ms = view_.sample_rate.hz / 1000.0;
  const std::size_t longest = fft.size() / 2;
  const double ratio = std::pow(echo_last_ms / echo_first_ms, 1.0 / echo_bins);
  std::array<float, echo_bins> high{};
  std::array<float, echo_bins> low{};
  for (std::size_t i = 0; i < echo_bins; ++i) {
    const double from_ms = echo_first_ms * std::pow(ratio, static_cast<double>(i));
    const auto first = std::min(longest, static_cast<std::size_t>(std::lround(from_ms * per_ms)));
    const auto last =
        std::min(longest + 1, std::max(first + 1, static_cast<std::size_t>(std::lround(from_ms * ratio * per_ms))));
    float energy = 0.0f;
    for (std::size_t q = first; q < last; ++q) {
      const float c = cepstrum[q] * scale;
      high[i] = std::max(high[i], c);
      low[i] = std::min(low[i], c);
      energy += c * c;
    }
    out.put("echo.high", static_cast<int>(i), 10.0f * std::sqrt(high[i]));
    out.put("echo.low", static_cast<int>(i), 10.0f * std::sqrt(-low[i]));
    out.put("echo.density", static_cast<int>(i),
            fast_decibels(energy / static_cast<float>(std::max<std::size_t>(last - first, 1)) + 1e-5f));
  }
  // Wide pools: a search that is far off still sees which way to go.
  for (std::size_t i = 0; i + 4 <= echo_bins; i += 2) {
    float strongest = 0.0f;
    for (std::size_t j = i; j < i + 4; ++j) strongest = std::max({strongest, high[j], -low[j]});
    out.put("echo.wide", static_cast<int>(i / 2), 10.0f * std::sqrt(strongest));
  }
}

}  // namespace soundalike::style
