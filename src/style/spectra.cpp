#include "style/spectra.hpp"

#include <algorithm>
#include <cmath>

#include "style/kernels.hpp"

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

void FrameTransform::transform(std::span<const float> audio, std::size_t frame, Scratch& scratch) const {
  const std::size_t start = frame * hop_;
  const std::size_t n = std::min(fft_.size(), audio.size() - start);
  multiply(audio.data() + start, window_.data(), scratch.windowed.data(), n);
  std::fill(scratch.windowed.begin() + static_cast<std::ptrdiff_t>(n), scratch.windowed.end(), 0.0f);
  fft_.forward(scratch.windowed, scratch.spectrum);
  squared_magnitudes(scratch.spectrum.data(), scratch.density.data(), scratch.density.size());
}

PowerFrames FrameTransform::power(std::span<const float> audio) const {
  PowerFrames out{frames(audio.size()), fft_.bins(), {}};
  out.power.reserve(out.frames * out.bins);
  each(audio,
       [&](std::size_t, const float* density) { out.power.insert(out.power.end(), density, density + out.bins); });
  return out;
}

}  // namespace soundalike::style
