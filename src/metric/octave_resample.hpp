#pragma once

#include <span>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike::metric {

/// One channel at another rate by the filter that GNU Octave's resample() designs (60 dB, roll-off a tenth of the
/// cutoff, Kaiser window), with zeros around the audio: what published STOI values rest on. Rates are rounded to whole
/// Hz; those with a ratio of large numbers, for which the filter would be endless, go through resample().
std::vector<double> octave_resample(std::span<const float> audio, SampleRate from, SampleRate to);

}  // namespace soundalike::metric
