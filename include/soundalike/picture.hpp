#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// A row of a spectrogram picture.
struct SpectrogramRow {
  std::string title;
  AudioView audio;
};

/// Writes a PNG with one mel-scaled spectrogram per recording, one under the other, on one time axis, one frequency
/// axis (40 Hz to the lowest Nyquist) and one level scale (viridis, 80 dB below the loudest row's peak), with titles,
/// ticks and units. @throws Error io.
void write_spectrogram_picture(const std::filesystem::path& path, const std::vector<SpectrogramRow>& rows);

}  // namespace soundalike
