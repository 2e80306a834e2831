#pragma once

#include "soundalike/audio_buffer.hpp"

namespace soundalike::latent {

/// What a map is made on, and the gain that brought it there.
struct MapClip {
  AudioBuffer audio;
  double gain_db = 0.0;
};

/// The loudest part of `seconds` of a recording, at -18 LUFS unless true peaks would pass -1 dBTP.
/// @throws Error bad_audio for silence, invalid_argument for less than 50 ms.
MapClip prepare_clip(AudioView recording, double seconds);

}  // namespace soundalike::latent
