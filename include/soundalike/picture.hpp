#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/front_end.hpp"

namespace soundalike {

/// A row of a spectrogram picture.
struct SpectrogramRow {
  std::string title;
  AudioView audio;
};

/// Writes a PNG with one mel-scaled spectrogram per recording, one under the other, on one time axis, one frequency
/// axis (40 Hz to the lowest Nyquist) and one level scale (viridis, 80 dB below the loudest row's peak), with titles,
/// ticks and units. 1200 pixels wide. A shorter recording leaves the rest of its row grey; a long one shows in each
/// pixel the loudest of what falls into it. Memory does not grow with the recordings; the same recordings give the same
/// bytes.
///
/// The file appears whole or not at all. @throws Error io; invalid_argument for no rows or a recording without frames.
void write_spectrogram_picture(const std::filesystem::path& path, const std::vector<SpectrogramRow>& rows);

/// A front end's image, or a network's idea of one, as a row of a picture.
struct ImageRow {
  std::string title;
  SpectrogramImage image;
};

/// Writes a PNG of images as they are, one under the other: time to the right, bins upwards, all on one colour scale
/// (viridis, from the least to the greatest value of all rows). Each pixel shows the greatest of what falls into it.
/// 1200 pixels wide; the same images give the same bytes. The file appears whole or not at all.
/// @throws Error io; invalid_argument for no rows, or an image without values or with another count than its size.
void write_image_picture(const std::filesystem::path& path, const std::vector<ImageRow>& rows);

}  // namespace soundalike
