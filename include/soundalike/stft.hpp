#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

struct StftOptions {
  std::size_t fft_size = 2048;
  std::size_t window_size = 0;  ///< 0: fft_size; shorter windows are centred in the frame
  std::size_t hop = 512;
  bool center = true;  ///< frames are centred on multiples of hop, the ends mirrored (as torch.stft, librosa)
  friend bool operator==(const StftOptions&, const StftOptions&) = default;
};

/// Magnitudes, [frames x bins], row after row.
struct Magnitudes {
  std::size_t frames = 0;
  std::size_t bins = 0;
  std::vector<float> values;
  const float* frame(std::size_t i) const { return values.data() + i * bins; }
};

/// |STFT| of one channel with a periodic Hann window, unnormalised.
/// @throws Error invalid_argument for audio too short to mirror (center) or shorter than one frame.
Magnitudes stft_magnitudes(std::span<const float> audio, const StftOptions& options);

/// Triangular mel filters on FFT bins (HTK scale, peak 1), [bands x bins] sparse.
class MelFilterbank {
 public:
  /// @throws Error invalid_argument unless bands > 0 and 0 <= low < high <= Nyquist.
  MelFilterbank(std::size_t bands, double low_hz, double high_hz, std::size_t fft_size, SampleRate rate);
  /// Bands on Slaney's scale (Auditory Toolbox, 1998: linear below 1 kHz, logarithmic above) from 0 Hz to Nyquist, each
  /// of area 1 in Hz: librosa.filters.mel()'s defaults, which auraloss takes. Bands that no bin falls into are left
  /// out.
  static MelFilterbank slaney(std::size_t bands, std::size_t fft_size, SampleRate rate);
  std::size_t bands() const { return first_.size(); }
  std::size_t bins() const { return bins_; }
  double center_hz(std::size_t band) const { return center_hz_[band]; }
  /// out[b] = sum of weights times `spectrum` (power or magnitude, [bins]). A band in which no bin reaches half the
  /// peak is narrower than the bins resolve and takes the nearest bin alone, so that no band is empty (but slaney()'s).
  void apply(const float* spectrum, float* out) const;
  /// The transpose: spectrum[k] = sum over bands of weight times bands[b], for all bins.
  void apply_transposed(const float* bands, float* spectrum) const;

 private:
  MelFilterbank() = default;
  std::size_t bins_ = 0;
  std::vector<std::size_t> first_;
  std::vector<std::vector<float>> weights_;
  std::vector<double> center_hz_;
};

}  // namespace soundalike
