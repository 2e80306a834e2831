#include "style/bands.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "style/kernels.hpp"

namespace soundalike::style {
namespace {

constexpr double lowest_hz = 40.0;
constexpr double highest_hz = 16000.0;
constexpr std::array<double, broad_bands + 1> broad_edges_hz{60, 200, 400, 800, 1600, 3200, 6400, 10400, 16000};
// Anti-aliasing filters and lossy coders eat the top of a band: a little is left out.
constexpr double usable_share = 0.95;

double mel_of(double hz) { return 2595.0 * std::log10(1.0 + hz / 700.0); }  // HTK
double hz_of(double mel) { return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0); }

}  // namespace

Bands Bands::mel(std::size_t count, std::size_t fft_size, SampleRate rate, double bandwidth_hz) {
  Bands bands;
  bands.bands_.resize(count);
  const double bin_hz = rate.hz / static_cast<double>(fft_size);
  const double step = (mel_of(highest_hz) - mel_of(lowest_hz)) / static_cast<double>(count + 1);
  for (std::size_t b = 0; b < count; ++b) {
    const double start = mel_of(lowest_hz) + step * static_cast<double>(b);
    const double low = hz_of(start);
    const double center = hz_of(start + step);
    const double high = hz_of(start + 2 * step);
    if (high > usable_share * bandwidth_hz) continue;
    Band& band = bands.bands_[b];
    band.first = static_cast<std::size_t>(std::ceil(low / bin_hz));
    for (std::size_t k = band.first; static_cast<double>(k) * bin_hz < high; ++k) {
      const double hz = static_cast<double>(k) * bin_hz;
      const double up = (hz - low) / (center - low);
      const double down = (high - hz) / (high - center);
      band.weights.push_back(static_cast<float>(std::max(0.0, std::min(up, down))));
    }
    float sum = 0.0f;
    for (const float w : band.weights) sum += w;
    if (sum < 1e-3f) {  // narrower than a bin: the nearest one
      band.first = static_cast<std::size_t>(std::lround(center / bin_hz));
      band.weights = {1.0f};
      sum = 1.0f;
    }
    for (float& w : band.weights) w /= sum;
  }
  return bands;
}

Bands Bands::broad(std::size_t fft_size, SampleRate rate, double bandwidth_hz) {
  Bands bands;
  bands.bands_.resize(broad_bands);
  const double bin_hz = rate.hz / static_cast<double>(fft_size);
  for (std::size_t b = 0; b < broad_bands; ++b) {
    if (broad_edges_hz[b + 1] > usable_share * bandwidth_hz) continue;
    const auto first = static_cast<std::size_t>(std::lround(broad_edges_hz[b] / bin_hz));
    const auto last = std::max(first + 1, static_cast<std::size_t>(std::lround(broad_edges_hz[b + 1] / bin_hz)));
    bands.bands_[b].first = first;
    bands.bands_[b].weights.assign(last - first, 1.0f / static_cast<float>(last - first));
  }
  return bands;
}

void Bands::average(const float* spectrum, float* out) const {
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    const Band& band = bands_[b];
    out[b] = dot(band.weights.data(), spectrum + band.first, band.weights.size());
  }
}

}  // namespace soundalike::style
