#pragma once

#include "soundalike/audio_buffer.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {

/// A change of pitch and tempo, each without the other.
struct Stretch {
  double cents = 0.0;  ///< up; [-2400, 2400]
  double tempo = 1.0;  ///< faster; [0.25, 4]: the result is 1 / tempo as long
};

/// `audio` with another pitch and tempo (Rubber Band, and resampling for the pitch). Equal
/// arguments give equal samples.
/// @return round(frames / tempo) frames; a copy for the neutral Stretch{}.
/// @throws Error invalid_argument outside the ranges above.
AudioBuffer stretch(AudioView audio, const Stretch& by);

/// As if a tape ran `factor` times as fast: pitch, tempo and all resonances go with it. Equal arguments give equal
/// samples.
/// @param factor > 0
/// @return round(frames / factor) frames.
AudioBuffer at_speed(const AudioBuffer& audio, double factor);

/// As if it came through other microphones and loudspeakers: two shelves and two wide bells, in series, at frequencies
/// and with gains drawn at random: normal with a deviation of 6 dB, 15 dB at most.
AudioBuffer coloured(AudioBuffer audio, Rng& rng);

/// Makes recordings more various for training.
struct AugmentOptions {
  double probability = 0.5;  ///< of changing both; else neither
  double cents = 200.0;      ///< pitch uniform in +- this
  double tempo_low = 0.8;    ///< tempo uniform between these
  double tempo_high = 1.2;
};
/// What augmenting would do to one example; Stretch{} when nothing.
Stretch draw_stretch(const AugmentOptions& options, Rng& rng);

}  // namespace soundalike
