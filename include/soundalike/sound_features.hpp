#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// A number that people have a word for.
struct SoundFeature {
  std::string_view name;
  std::string_view unit;
  std::string_view summary;
};

/// In the order of describe_sound():
///
/// | name | unit | is |
/// |---|---|---|
/// | loudness | LUFS | BS.1770 loudness, -70 at the least |
/// | crest | dB | peak over RMS |
/// | brightness | Hz | spectral centroid: mean frequency by magnitude, above 20 Hz |
/// | depth | dB | power below 200 Hz over all power |
/// | flatness | dB | geometric over arithmetic mean of the power spectrum: near 0 for noise, low for tones |
/// | tail | dB | level of the last tenth over that of the whole: what an echo or reverb leaves |
/// | width | dB | side over mid; -60 for mono |
std::span<const SoundFeature> sound_features();

/// One number per feature, finite for every finite recording, silence included.
/// @throws Error invalid_argument for no frames.
std::vector<float> describe_sound(AudioView audio);

}  // namespace soundalike
