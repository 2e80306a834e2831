#include <cmath>

#include "metric/magnitude_reader.hpp"
#include "metric/rows.hpp"

namespace soundalike::metric {
namespace {

constexpr StftOptions stft{.fft_size = 8192, .hop = 2048};
constexpr double floor_below_target = 1e-8;  // 80 dB below all of the target

/// Power in third-octave bands (IEC 61260-1, base 10) from 40 Hz to the last that ends below Nyquist, mean over frames
/// and channels.
struct ThirdOctaves {
  explicit ThirdOctaves(AudioView audio) {
    std::vector<double> power(stft.fft_size / 2 + 1);
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      for_each_frame(audio.channel(c), stft, 0.0f, [&](const float* magnitudes) {
        for (std::size_t k = 0; k < power.size(); ++k) power[k] += double{magnitudes[k]} * double{magnitudes[k]};
      });
    }
    const double bin_hz = audio.sample_rate().hz / static_cast<double>(stft.fft_size);
    for (int n = -14; n <= 13; ++n) {
      const double low = 1000.0 * std::pow(10.0, (n - 0.5) / 10.0), high = 1000.0 * std::pow(10.0, (n + 0.5) / 10.0);
      if (high > 0.5 * audio.sample_rate().hz) break;
      const auto first = static_cast<std::size_t>(std::ceil(low / bin_hz));
      const auto end = static_cast<std::size_t>(std::ceil(high / bin_hz));
      if (first == end) continue;  // narrower than the bins
      double sum = 0.0;
      for (std::size_t k = first; k < end; ++k) sum += power[k];
      bands.push_back(sum);
      total += sum;
    }
  }
  std::vector<double> bands;
  double total = 0.0;
};

}  // namespace

constexpr Metric ltas_distance{
    .name = "ltas-distance",
    .unit = "dB",
    .summary =
        "mean absolute difference of the long-term average spectra in third-octave bands, floored 80 dB below "
        "the target's level",
    .source = "bands of IEC 61260-1; FFT 8192, hop 2048",
    .needs = {.frames = 4097},
    .compute = [](const MetricAudio& output, const MetricAudio& target) {
      const auto& a = output.feature<ThirdOctaves>();
      const auto& b = target.feature<ThirdOctaves>();
      const double floor = b.total * floor_below_target;
      double sum = 0.0;
      for (std::size_t i = 0; i < b.bands.size(); ++i) {
        sum += std::abs(10.0 * std::log10(std::max(a.bands[i], floor) / std::max(b.bands[i], floor)));
      }
      return sum / static_cast<double>(b.bands.size());
    }};

}  // namespace soundalike::metric
