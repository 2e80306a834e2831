#include "spectral/istft.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

/// How much of each sample the frames hear: the sum of squared windows.
std::vector<float> coverage(const Framing& ones, std::size_t samples, std::size_t size) {
  std::vector<float> sum(samples);
  AlignedVector<float> window(size);
  for (std::size_t i = 0; i < ones.frames(); ++i) {
    ones.frame(i, window.data());
    ones.add_back(i, window.data(), sum.data());
  }
  return sum;
}

}  // namespace

StftPair::StftPair(const StftOptions& options, std::size_t samples)
    : options_(options), fft_(options.fft_size), frame_(options.fft_size), spectrum_(fft_.bins()) {
  const std::vector<float> ones(samples, 1.0f);
  const Framing framing(ones, options_);
  frames_ = framing.frames();
  weights_ = coverage(framing, samples, options.fft_size);
  // Less than a thousandth of a window's peak would only magnify what does not fit.
  for (float& weight : weights_) weight = weight > 1e-6f ? 1.0f / weight : 0.0f;
}

void StftPair::forward(std::span<const float> audio, std::span<std::complex<float>> spectra) {
  const Framing framing(audio, options_);
  for (std::size_t i = 0; i < frames_; ++i) {
    framing.frame(i, frame_.data());
    fft_.forward(frame_, spectra.subspan(i * bins(), bins()));
  }
}

void StftPair::inverse(std::span<const std::complex<float>> spectra, std::span<float> audio) {
  std::ranges::fill(audio, 0.0f);
  const Framing framing(audio, options_);  // only where frames lie
  for (std::size_t i = 0; i < frames_; ++i) {
    std::ranges::copy(spectra.subspan(i * bins(), bins()), spectrum_.begin());
    fft_.inverse(spectrum_, frame_);
    framing.add_back(i, frame_.data(), audio.data());
  }
  for (std::size_t i = 0; i < audio.size(); ++i) audio[i] *= weights_[i];
}

void StftPair::check_size(std::size_t frames, std::size_t bins_found, std::size_t values) const {
  if (frames == frames_ && bins_found == bins() && values == frames * bins_found) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot turn a spectrum of {} frames x {} bins into {} samples: their STFT has {} x {}",
                          frames, bins_found, weights_.size(), frames_, bins()));
}

Spectra stft(std::span<const float> audio, const StftOptions& options) {
  StftPair pair(options, audio.size());
  Spectra out{pair.frames(), pair.bins(), {}};
  out.values.resize(out.frames * out.bins);
  pair.forward(audio, out.values);
  return out;
}

std::vector<float> istft(const Spectra& spectra, const StftOptions& options, std::size_t samples) {
  StftPair pair(options, samples);
  pair.check_size(spectra.frames, spectra.bins, spectra.values.size());
  std::vector<float> audio(samples);
  pair.inverse(spectra.values, audio);
  return audio;
}

}  // namespace soundalike
