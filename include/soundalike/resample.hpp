#pragma once

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// `audio` at another rate (soxr HQ: pass band to 0.91 of the lower Nyquist, rejection about -125 dB or better).
/// Length is round(frames * to / from). Equal rates return a copy. Deterministic.
/// @throws Error invalid_argument for a rate that is not positive.
AudioBuffer resample(AudioView audio, SampleRate to);

/// One channel: the mean of all channels; a copy for mono.
AudioBuffer to_mono(AudioView audio);

}  // namespace soundalike
