#include <cmath>

#include "metric/magnitude_reader.hpp"
#include "metric/rows.hpp"

namespace soundalike::metric {
namespace {

constexpr StftOptions stft{.fft_size = 2048, .hop = 512};

/// Mean over frames and channels.
struct Centroid {
  explicit Centroid(AudioView audio) {
    const double bin_hz = audio.sample_rate().hz / static_cast<double>(stft.fft_size);
    std::size_t frames = 0;
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      for_each_frame(audio.channel(c), stft, 0.0f, [&](const float* magnitudes) {
        double sum = 0.0, moment = 0.0;
        for (std::size_t k = 0; k <= stft.fft_size / 2; ++k) {
          sum += double{magnitudes[k]};
          moment += double{magnitudes[k]} * static_cast<double>(k);
        }
        // Digital silence counts as a constant would, whose spectrum is 1, 1/2: the original adds 1e-16 to the samples.
        hz += bin_hz * (sum > 0.0 ? moment / sum : 1.0 / 3.0);
        ++frames;
      });
    }
    hz /= static_cast<double>(frames);
  }
  double hz = 0.0;
};

}  // namespace

constexpr Metric centroid_error{
    .name = "centroid-error",
    .unit = "Hz",
    .summary = "absolute difference of the spectral centroids, each the mean over frames; FFT 2048, hop 512",
    .source = "DeepAFx-ST and the original system; librosa 0.11 spectral_centroid(pad_mode='reflect')",
    .needs = {.frames = 1025},
    .compute = [](const MetricAudio& output, const MetricAudio& target) {
      return std::abs(output.feature<Centroid>().hz - target.feature<Centroid>().hz);
    }};

}  // namespace soundalike::metric
