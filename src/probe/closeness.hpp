#pragma once

#include <cstddef>
#include <vector>

#include "probe/bench.hpp"

namespace soundalike {

/// Looks at small moves of a knob, at random places of its range [knob.low, knob.high] from each of `bases`: finds the
/// roughness and the step for gradients.
/// @return the median change for 1 % of the range, in dB.
double look_closely(Bench& bench, std::size_t p, const std::vector<Settings>& bases, Profile::Knob& knob,
                    KnobProbe& result);

}  // namespace soundalike
