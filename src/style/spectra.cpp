#include "style/spectra.hpp"

#include <algorithm>
#include <cmath>

namespace soundalike::style {

FrameTransform::FrameTransform(double window_seconds, double hop_seconds, SampleRate rate)
    : fft_(fast_fft_size(static_cast<std::size_t>(std::lround(window_seconds * rate.hz)))),
      hop_(std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(hop_seconds * rate.hz)))),
      frames_per_second_(rate.hz / static_cast<double>(hop_)),
      window_(hann_window(fft_.size())) {
  // White noise of unit power over a band of 12 kHz has density 1: density then does not depend on the rate.
  double energy = 0.0;
  for (const float w : window_) energy += static_cast<double>(w) * w;
  const auto scale = static_cast<float>(std::sqrt(24000.0 / (energy * rate.hz)));
  for (float& w : window_) w *= scale;
}

std::size_t FrameTransform::frames(std::size_t samples) const {
  return samples <= fft_.size() ? 1 : 1 + (samples - fft_.size()) / hop_;
}

PowerFrames FrameTransform::power(std::span<const float> audio) const {
  PowerFrames out{frames(audio.size()), fft_.bins(), {}};
  out.power.resize(out.frames * out.bins);
  std::vector<float> windowed(fft_.size());
  std::vector<std::complex<float>> spectrum(fft_.bins());
  for (std::size_t t = 0; t < out.frames; ++t) {
    const std::size_t start = t * hop_;
    const std::size_t n = std::min(windowed.size(), audio.size() - start);
    for (std::size_t i = 0; i < n; ++i) windowed[i] = audio[start + i] * window_[i];
    std::fill(windowed.begin() + static_cast<std::ptrdiff_t>(n), windowed.end(), 0.0f);
    fft_.forward(windowed, spectrum);
    const auto* parts = reinterpret_cast<const float*>(spectrum.data());
    float* power = out.frame(t);
    for (std::size_t k = 0; k < out.bins; ++k)
      power[k] = parts[2 * k] * parts[2 * k] + parts[2 * k + 1] * parts[2 * k + 1];
  }
  return out;
}

}  // namespace soundalike::style
