#pragma once

#include <cstddef>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// The axes of a spectrogram in pixels: time is linear, frequency is mel (HTK).
struct LevelAxes {
  std::size_t columns = 0;
  std::size_t rows = 0;
  double seconds = 0.0;  ///< covered by all columns together
  double low_hz = 0.0;
  double high_hz = 0.0;

  /// Where a frequency lies: 0 at the bottom, `rows` at the top.
  double row_of(double hz) const;
  /// The frequency at a height.
  double hz_at(double row) const;
};

/// Levels of a recording, one per pixel, [columns x rows], row 0 lowest: dB relative to a full-scale sine, the loudest
/// of what falls into the pixel, power averaged over channels. Columns after the recording's end are left out.
///
/// Time and memory do not grow with the picture's scale: frames are taken where the pixels need them, at least four
/// per FFT, so that nothing in a long recording falls between two columns.
std::vector<float> level_image(AudioView audio, const LevelAxes& axes);

}  // namespace soundalike
