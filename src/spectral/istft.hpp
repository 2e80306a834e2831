#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/fft.hpp"
#include "soundalike/phase.hpp"
#include "spectral/framing.hpp"

namespace soundalike {

/// An STFT of a fixed number of samples and its least squares inverse, for many turns of both. For one thread.
class StftPair {
 public:
  /// @throws Error as Framing.
  StftPair(const StftOptions& options, std::size_t samples);
  std::size_t frames() const { return frames_; }
  std::size_t bins() const { return fft_.bins(); }
  std::size_t samples() const { return weights_.size(); }
  void forward(std::span<const float> audio, std::span<std::complex<float>> spectra);
  void inverse(std::span<const std::complex<float>> spectra, std::span<float> audio);
  /// @throws Error invalid_argument unless a spectrum of that size belongs to it.
  void check_size(std::size_t frames, std::size_t bins, std::size_t values) const;

 private:
  StftOptions options_;
  Fft fft_;
  AlignedVector<float> frame_;
  AlignedVector<std::complex<float>> spectrum_;
  std::vector<float> weights_;  // 1 / coverage, 0 where there is none
  std::size_t frames_ = 0;
};

}  // namespace soundalike
