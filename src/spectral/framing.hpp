#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/stft.hpp"
#include "spectral/aligned.hpp"

namespace soundalike {

/// The windowed frames of an STFT, one at a time: the ends mirrored when centred, a short window in the middle.
class Framing {
 public:
  /// @param audio must outlive the framing.
  /// @throws Error invalid_argument for bad options or audio too short.
  Framing(std::span<const float> audio, const StftOptions& options);

  std::size_t frames() const { return frames_; }
  /// Writes frame i, [fft_size].
  void frame(std::size_t i, float* out) const;
  /// The transpose of frame(): adds a frame [fft_size], windowed, to the samples it came from, out [as the audio].
  void add_back(std::size_t i, const float* in, float* out) const;

 private:
  std::ptrdiff_t first_sample(std::size_t frame) const;
  std::size_t mirrored(std::ptrdiff_t i) const;

  std::span<const float> audio_;
  StftOptions options_;
  const std::vector<float>& window_;
  std::size_t window_start_ = 0;  // of the window in its frame
  std::size_t frames_ = 0;
};

}  // namespace soundalike
