#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/fft.hpp"

namespace soundalike::style {

/// Power spectral densities of overlapping Hann frames, [frames x bins].
struct PowerFrames {
  std::size_t frames = 0;
  std::size_t bins = 0;
  std::vector<float> power;
  float* frame(std::size_t t) { return power.data() + t * bins; }
  const float* frame(std::size_t t) const { return power.data() + t * bins; }
};

/// A short-time transform whose window is given in seconds, so that a frame means the same at every rate.
class FrameTransform {
 public:
  FrameTransform(double window_seconds, double hop_seconds, SampleRate rate);
  std::size_t fft_size() const { return fft_.size(); }
  std::size_t bins() const { return fft_.bins(); }
  const Fft& fft() const { return fft_; }
  double frames_per_second() const { return frames_per_second_; }
  /// At least one frame: audio shorter than the window is followed by zeros.
  PowerFrames power(std::span<const float> audio) const;
  std::size_t frames(std::size_t samples) const;

 private:
  Fft fft_;
  std::size_t hop_;
  double frames_per_second_;
  std::vector<float> window_;  // scaled so that |X|^2 is power per bin width of white noise of unit power: mean 1
};

}  // namespace soundalike::style
