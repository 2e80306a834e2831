#include "metric/slaney_mel.hpp"

#include <algorithm>
#include <cmath>

namespace soundalike::metric {
namespace {

constexpr double linear_hz_per_mel = 200.0 / 3.0;
constexpr double corner_hz = 1000.0;
constexpr double corner_mel = corner_hz / linear_hz_per_mel;

double log_step() { return std::log(6.4) / 27.0; }
double to_mel(double hz) {
  return hz < corner_hz ? hz / linear_hz_per_mel : corner_mel + std::log(hz / corner_hz) / log_step();
}
double from_mel(double mel) {
  return mel < corner_mel ? mel * linear_hz_per_mel : corner_hz * std::exp((mel - corner_mel) * log_step());
}

}  // namespace

SlaneyMel::SlaneyMel(std::size_t bands, std::size_t fft_size, SampleRate rate) {
  const double step = to_mel(0.5 * rate.hz) / static_cast<double>(bands + 1);
  const double bin_hz = rate.hz / static_cast<double>(fft_size);
  const auto edge_hz = [&](std::size_t i) { return from_mel(step * static_cast<double>(i)); };
  for (std::size_t b = 0; b < bands; ++b) {
    const double left = edge_hz(b), center = edge_hz(b + 1), right = edge_hz(b + 2);
    Band band{static_cast<std::size_t>(left / bin_hz) + 1, {}};  // the first bin above the left edge
    for (std::size_t k = band.first; k <= fft_size / 2; ++k) {
      const double hz = static_cast<double>(k) * bin_hz;
      const double height = std::min((hz - left) / (center - left), (right - hz) / (right - center));
      if (height <= 0.0) break;
      band.weights.push_back(static_cast<float>(height * 2.0 / (right - left)));
    }
    if (!band.weights.empty()) bands_.push_back(std::move(band));
  }
}

void SlaneyMel::apply(const float* magnitudes, float* out) const {
  for (const Band& band : bands_) {
    double sum = 0.0;
    for (std::size_t k = 0; k < band.weights.size(); ++k) sum += double{band.weights[k]} * magnitudes[band.first + k];
    *out++ = static_cast<float>(sum);
  }
}

}  // namespace soundalike::metric
