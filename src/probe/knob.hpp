#pragma once

#include <cstddef>
#include <vector>

#include "probe/sweep.hpp"

namespace soundalike {

/// Classes a knob by its sweep from all of `bases`, the default first: cuts its range to what sounds, and looks closely
/// at those that are heard.
KnobProbe probe_knob(Bench& bench, std::size_t p, const std::vector<Settings>& bases, const Sweep& sweep,
                     Profile::Knob& knob);

}  // namespace soundalike
