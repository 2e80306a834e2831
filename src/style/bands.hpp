#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike::style {

/// Averages of a power spectrum over bands that stand at fixed frequencies, whatever the rate and FFT size.
///
/// A band is used when its upper edge lies below the bandwidth; the others give 0, so that descriptions at any rate
/// have one layout.
class Bands {
 public:
  /// Triangles on the mel scale from 40 Hz to 16 kHz: smooth in frequency.
  static Bands mel(std::size_t count, std::size_t fft_size, SampleRate rate, double bandwidth_hz);
  /// Rectangles of about an octave: 60, 200, 400, 800, 1600, 3200, 6400, 10400, 16000 Hz.
  static Bands broad(std::size_t fft_size, SampleRate rate, double bandwidth_hz);

  std::size_t size() const { return bands_.size(); }
  bool used(std::size_t band) const { return !bands_[band].weights.empty(); }
  std::size_t first_bin(std::size_t band) const { return bands_[band].first; }
  std::size_t bins(std::size_t band) const { return bands_[band].weights.size(); }
  /// out[b] = weighted mean of `spectrum` over band b.
  void average(const float* spectrum, float* out) const;

 private:
  struct Band {
    std::size_t first = 0;
    std::vector<float> weights;  // sum 1; empty when the band is above the bandwidth
  };
  std::vector<Band> bands_;
};

inline constexpr std::size_t broad_bands = 8;

}  // namespace soundalike::style
