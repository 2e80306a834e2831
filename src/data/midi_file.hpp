#pragma once

#include <string>

#include "data/score.hpp"

namespace soundalike {

/// A score as a Standard MIDI File (format 0, a thousand ticks a second): one channel per role, drums on the tenth.
std::string midi_file(const Score& score);

}  // namespace soundalike
