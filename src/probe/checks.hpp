#pragma once

#include "probe/bench.hpp"

namespace soundalike {

/// What holds for the effect as a whole: random settings over the free knobs of the profile, equal bits in another
/// order and on other workers, other block sizes, speed. Fills in `probe`.
/// @param base settings that are known to sound.
void check_effect(Bench& bench, const Settings& base, Probe& probe);

}  // namespace soundalike
