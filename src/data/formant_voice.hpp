#pragma once

#include "soundalike/audio_buffer.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {

/// A speaker who does not exist: drawn once, then keeps the voice.
struct Voice {
  double pitch_hz = 120.0;  ///< in the middle of a phrase
  double liveliness = 0.2;  ///< of the melody of speech, in octaves
  double tract = 1.0;       ///< formants are multiplied by this: above 1 for a shorter vocal tract
  double breath = 0.1;      ///< noise beside the pulses
  double effort = 0.5;      ///< in [0, 1]: softer or more pressed
  double syllable_seconds = 0.2;
};
Voice draw_voice(Rng& rng);

/// Babble with the rhythm, melody and spectrum of speech: phrases of consonants and vowels, pulses and noise through
/// moving formants (after Klatt 1980, much reduced). Mono, peak at -6 dBFS.
AudioBuffer speak(const Voice& voice, double seconds, SampleRate rate, Rng& rng);

}  // namespace soundalike
