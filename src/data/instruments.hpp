#pragma once

#include "data/score.hpp"
#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// Plays a score on instruments of our own: plucked strings, electric piano, saw and square voices, pads, drums; how
/// each sounds is drawn anew for every piece. Stereo, peak at -6 dBFS.
AudioBuffer play(const Score& score, SampleRate rate, Rng& rng);

}  // namespace soundalike
