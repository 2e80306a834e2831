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
  /// Calls take(frame index, density [bins]) for every frame; the callee may overwrite the density. At least one frame:
  /// audio shorter than the window is followed by zeros.
  template <class Take>
  void each(std::span<const float> audio, Take take) const {
    Scratch scratch{std::vector<float>(fft_size()), std::vector<std::complex<float>>(bins()),
                    std::vector<float>(bins())};
    for (std::size_t t = 0; t < frames(audio.size()); ++t) {
      transform(audio, t, scratch);
      take(t, scratch.density.data());
    }
  }
  PowerFrames power(std::span<const float> audio) const;
  std::size_t frames(std::size_t samples) const;

 private:
  struct Scratch {
    std::vector<float> windowed;
    std::vector<std::complex<float>> spectrum;
    std::vector<float> density;
  };
  void transform(std::span<const float> audio, std::size_t frame, Scratch& scratch) const;

  Fft fft_;
  std::size_t hop_;
  double frames_per_second_;
  std::vector<float> window_;  // scaled so that |X|^2 is power per bin width of white noise of unit power: mean 1
};

}  // namespace soundalike::style
