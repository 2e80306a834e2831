#pragma once

#include <cstddef>

#include "probe/bench.hpp"

namespace soundalike {

/// Choices, switches and buttons: stay at their default, unless that silences the effect and another value does not.
/// @param base where the others are; moved to the value that is kept.
KnobProbe probe_category(Bench& bench, std::size_t p, Settings& base, Profile::Knob& knob);

}  // namespace soundalike
