#include <cmath>

#include "metric/magnitude_reader.hpp"
#include "metric/rows.hpp"
#include "soundalike/stft.hpp"
#include "spectral/magnitude_distance.hpp"

namespace soundalike::metric {
namespace {

constexpr std::size_t bands = 128;
constexpr float power_floor = 1e-8f;  // auraloss's

/// Mel band magnitudes, [channels x frames x bands].
template <std::size_t fft_size, std::size_t hop>
struct MelSpectrogram {
  explicit MelSpectrogram(AudioView audio) {
    const auto mel = MelFilterbank::slaney(bands, fft_size, audio.sample_rate());
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      for_each_frame(audio.channel(c), {.fft_size = fft_size, .hop = hop}, power_floor, [&](const float* magnitudes) {
        values.resize(values.size() + mel.bands());
        mel.apply(magnitudes, values.data() + values.size() - mel.bands());
      });
    }
  }
  std::vector<float> values;
};

template <typename Spectrogram>
MagnitudeDistance compare(const MetricAudio& output, const MetricAudio& target) {
  const auto& a = output.feature<Spectrogram>().values;
  const auto& b = target.feature<Spectrogram>().values;
  MagnitudeDistance sums;
  sums.add(a.data(), b.data(), b.size());
  return sums;
}

}  // namespace

constexpr Metric msd{.name = "msd",
                     .summary =
                         "mel-spectral distance of one long frame: log plus linear magnitude of 128 bands, "
                         "FFT = hop = 65536",
                     .source = "DeepAFx-ST and the original system; auraloss 0.4 MelSTFTLoss",
                     .needs = {.frames = 32769, .sounding_output = false, .sounding_target = false},
                     .compute = [](const MetricAudio& output, const MetricAudio& target) {
                       const auto sums = compare<MelSpectrogram<65536, 65536>>(output, target);
                       return (sums.log_difference + sums.difference) / static_cast<double>(sums.count);
                     }};

constexpr Metric mel_stft{.name = "mel-stft",
                          .summary =
                              "mel-spectral distance of short frames: spectral convergence and log magnitude of "
                              "128 bands, FFT 1024, hop 256",
                          .source = "auraloss 0.4 MelSTFTLoss(rate)",
                          .needs = {.frames = 513, .sounding_output = false, .sounding_target = false},
                          .compute = [](const MetricAudio& output, const MetricAudio& target) {
                            const auto sums = compare<MelSpectrogram<1024, 256>>(output, target);
                            return std::sqrt(sums.squared_difference / sums.squared_target) +
                                   sums.log_difference / static_cast<double>(sums.count);
                          }};

}  // namespace soundalike::metric
