#pragma once

#include <cstddef>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike::metric {

/// Triangular mel bands on Slaney's scale (Auditory Toolbox, 1998: linear below 1 kHz, logarithmic above) from 0 Hz to
/// Nyquist, each of area 1 in Hz: librosa.filters.mel()'s defaults, which auraloss takes. Bands that no bin falls into
/// are left out.
class SlaneyMel {
 public:
  SlaneyMel(std::size_t bands, std::size_t fft_size, SampleRate rate);
  std::size_t bands() const { return bands_.size(); }
  /// out[b] = sum over the band's bins of weight times magnitude.
  void apply(const float* magnitudes, float* out) const;

 private:
  struct Band {
    std::size_t first;
    std::vector<float> weights;
  };
  std::vector<Band> bands_;
};

}  // namespace soundalike::metric
