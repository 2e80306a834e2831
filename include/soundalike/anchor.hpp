#pragma once

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// The low-pass anchor of a MUSHRA test: what a listener who listens must find worse than the reference.
///
///   AudioBuffer low = low_pass_anchor(reference, 3500.0);
///   AudioBuffer mid = low_pass_anchor(reference, 7000.0);
///
/// Meets the mask of ITU-R BS.1534-3 at every rate: within 0.1 dB up to the cut-off, at least 25 dB down at 8/7 and 50
/// dB at 9/7 of it (4 and 4.5 kHz for 3.5 kHz). In fact 60 dB from 8/7 on: a linear-phase filter with Kaiser's window
/// (1974), its delay taken out, so that it lies on the reference sample by sample. Same length.
/// @throws Error unsupported when the rate is under 16/7 of the cut-off: nothing would be taken away.
AudioBuffer low_pass_anchor(AudioView reference, double cutoff_hz);

}  // namespace soundalike
