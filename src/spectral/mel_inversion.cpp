#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"
#include "soundalike/phase.hpp"
#include "soundalike/resample.hpp"

namespace soundalike {
namespace {

constexpr float tiny = 1e-20f;  // far below any power that counts

/// Powers of the bins of one frame, from those of its bands. The filters f and the powers p minimise |f p - bands|^2:
/// p is multiplied by (f^T bands) / (f^T f p) until it stays.
class FrameInversion {
 public:
  explicit FrameInversion(const MelFilterbank& filterbank)
      : filterbank_(filterbank),
        per_band_(filterbank.bands()),
        wanted_(filterbank.bins()),
        found_(filterbank.bins()),
        whole_(filterbank.bands()) {
    // What each band hears of a flat spectrum.
    std::ranges::fill(wanted_, 1.0f);
    filterbank_.apply(wanted_.data(), whole_.data());
  }

  void run(const float* bands, std::size_t iterations, float* powers) {
    for (std::size_t b = 0; b < per_band_.size(); ++b) per_band_[b] = bands[b] / whole_[b];
    filterbank_.apply_transposed(per_band_.data(), powers);
    filterbank_.apply_transposed(bands, wanted_.data());
    for (std::size_t i = 0; i < iterations; ++i) {
      filterbank_.apply(powers, per_band_.data());
      filterbank_.apply_transposed(per_band_.data(), found_.data());
      for (std::size_t k = 0; k < found_.size(); ++k) powers[k] *= wanted_[k] / (found_[k] + tiny);
    }
  }

 private:
  const MelFilterbank& filterbank_;
  std::vector<float> per_band_, wanted_, found_, whole_;
};

/// The magnitudes of the bins that an image shows.
Magnitudes magnitudes_of(const FrontEnd& front_end, const SpectrogramImage& image) {
  Magnitudes spectrum = front_end.spectrum(image);
  return front_end.options().kind == FrontEndKind::mel ? invert_mel(spectrum, front_end.filterbank()) : spectrum;
}

AudioBuffer buffer(const std::vector<float>& samples, SampleRate rate) {
  AudioBuffer audio(1, samples.size(), rate);
  std::ranges::copy(samples, audio.channel(0).begin());
  return audio;
}

}  // namespace

Magnitudes invert_mel(const Magnitudes& powers, const MelFilterbank& filterbank, std::size_t iterations) {
  if (powers.bins != filterbank.bands() || powers.values.size() != powers.frames * powers.bins) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot undo mel bands: {} values for {} frames of {} bands, and the filters have {}",
                            powers.values.size(), powers.frames, powers.bins, filterbank.bands()));
  }
  FrameInversion inversion(filterbank);
  Magnitudes out{powers.frames, filterbank.bins(), std::vector<float>(powers.frames * filterbank.bins())};
  for (std::size_t i = 0; i < powers.frames; ++i) {
    inversion.run(powers.frame(i), iterations, out.values.data() + i * out.bins);
  }
  for (float& x : out.values) x = std::sqrt(x);
  return out;
}

AudioBuffer reconstruct(const FrontEnd& front_end, const SpectrogramImage& image, std::string_view method,
                        const PhaseOptions& options) {
  const FrontEndOptions& how = front_end.options();
  return buffer(retrieve_phase(method, magnitudes_of(front_end, image), how.stft, how.samples, options),
                how.sample_rate);
}

AudioBuffer reconstruct(const FrontEnd& front_end, const SpectrogramImage& image, AudioView phases) {
  const FrontEndOptions& how = front_end.options();
  if (phases.sample_rate() != how.sample_rate || phases.frames() == 0 || phases.channels() == 0) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot take the phases of {} samples in {} channels at {} Hz: this front end takes at "
                            "least one of each at {} Hz",
                            phases.frames(), phases.channels(), phases.sample_rate().hz, how.sample_rate.hz));
  }
  const AudioBuffer mono = to_mono(phases.excerpt(0, how.samples));
  std::vector<float> padded(how.samples);
  std::ranges::copy(mono.channel(0), padded.begin());
  Spectra spectra = stft(padded, how.stft);
  const Magnitudes wanted = magnitudes_of(front_end, image);
  for (std::size_t i = 0; i < spectra.values.size(); ++i) {
    spectra.values[i] = std::polar(wanted.values[i], std::arg(spectra.values[i]));
  }
  return buffer(istft(spectra, how.stft, how.samples), how.sample_rate);
}

}  // namespace soundalike
