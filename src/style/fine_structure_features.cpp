// Fine structure of short spectra: noisiness per band, pitch strength, and moving combs (flangers, choruses).
#include <algorithm>
#include <array>
#include <cmath>

#include "style/fast_log.hpp"
#include "style/features.hpp"
#include "style/kernels.hpp"
#include "style/quantiles.hpp"

namespace soundalike::style {
namespace {

constexpr std::size_t comb_bins = 16;
constexpr double comb_first_ms = 0.2;
constexpr double comb_last_ms = 20.0;
constexpr double pitch_first_ms = 2.5;
constexpr double pitch_last_ms = 14.0;

}  // namespace

void FeatureExtractor::write_fine_structure(const Frames& frames, FeatureWriter& out) const {
  const std::size_t bins = medium_.bins();
  const Fft& fft = medium_.fft();
  const auto usable = std::min(bins, static_cast<std::size_t>(0.95 * view_.bandwidth_hz / view_.sample_rate.hz *
                                                              static_cast<double>(medium_.fft_size())));
  const double per_ms = view_.sample_rate.hz / 1000.0;
  const std::size_t longest = fft.size() / 2;
  const auto pitch_first = static_cast<std::size_t>(pitch_first_ms * per_ms);
  const auto pitch_last = std::min(longest, static_cast<std::size_t>(pitch_last_ms * per_ms));

  std::vector<float> log_density(bins);
  std::vector<std::complex<float>> spectrum(bins);
  std::vector<float> cepstrum(fft.size());
  std::vector<float> energy(longest + 1, 0.0f);  // mean over frames of squared cepstrum, by quefrency
  std::array<DecibelHistogram, broad_bands> flatness;
  DecibelHistogram pitch;
  std::array<float, broad_bands> broad{};
  std::size_t heard = 0;
  for (std::size_t t = 0; t < frames.density.frames; ++t) {
    if (!frames.active[t]) continue;
    ++heard;
    const float* density = frames.density.frame(t);
    std::copy(density, density + bins, log_density.begin());
    to_decibels(log_density.data(), bins, 1e-7f);
    broad_.average(density, broad.data());
    for (std::size_t b = 0; b < broad_bands; ++b) {
      if (!broad_.used(b)) continue;
      const float total = sum(log_density.data() + broad_.first_bin(b), broad_.bins(b));
      flatness[b].add(total / static_cast<float>(broad_.bins(b)) - fast_decibels(broad[b] + 1e-7f));
    }
    // Cepstra of every second frame are enough: neighbours overlap by half.
    if (t % 2 != 0) continue;
    const float mean = sum(log_density.data(), usable) / static_cast<float>(usable);
    for (std::size_t k = 0; k < bins; ++k) spectrum[k] = k < usable ? log_density[k] - mean : 0.0f;
    fft.inverse(spectrum, cepstrum);
    const float scale = static_cast<float>(fft.size()) / (2.0f * static_cast<float>(usable));
    float strongest = 0.0f;
    for (std::size_t q = 0; q <= longest; ++q) {
      const float c = cepstrum[q] * scale;
      energy[q] += c * c;
      if (q >= pitch_first && q < pitch_last) strongest = std::max(strongest, c);
    }
    pitch.add(10.0f * strongest);
  }

  for (std::size_t b = 0; b < broad_bands; ++b) {
    const auto q = flatness[b].quantiles<3>({0.1f, 0.5f, 0.9f});
    out.put("flatness.q10", static_cast<int>(b), q[0], broad_.used(b));
    out.put("flatness.q50", static_cast<int>(b), q[1], broad_.used(b));
    out.put("flatness.q90", static_cast<int>(b), q[2], broad_.used(b));
  }
  const auto strength = pitch.quantiles<3>({0.1f, 0.5f, 0.9f});
  for (std::size_t i = 0; i < strength.size(); ++i) out.put("pitch", static_cast<int>(i), strength[i]);
  const double ratio = std::pow(comb_last_ms / comb_first_ms, 1.0 / comb_bins);
  for (std::size_t i = 0; i < comb_bins; ++i) {
    const double from_ms = comb_first_ms * std::pow(ratio, static_cast<double>(i));
    const auto first = std::min(longest, static_cast<std::size_t>(std::lround(from_ms * per_ms)));
    const auto last =
        std::min(longest + 1, std::max(first + 1, static_cast<std::size_t>(std::lround(from_ms * ratio * per_ms))));
    const float total = sum(energy.data() + first, last - first);
    const float mean =
        total / static_cast<float>(std::max<std::size_t>(heard, 1) * std::max<std::size_t>(last - first, 1));
    out.put("comb.moving", static_cast<int>(i), fast_decibels(mean + 1e-4f));
  }
}

}  // namespace soundalike::style
