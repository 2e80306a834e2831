#pragma once

#include "soundalike/audio_buffer.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {

/// Sound without notes, of one to three layers: noise whose colour wanders, drones that beat, things that are struck
/// and ring, crackle, glides. Stereo, `seconds` long, peak at -6 dBFS.
AudioBuffer texture(double seconds, SampleRate rate, Rng& rng);

}  // namespace soundalike
