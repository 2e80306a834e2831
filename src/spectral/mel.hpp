#pragma once

#include <cmath>

namespace soundalike {

/// The mel scale of HTK.
inline double to_mel(double hz) { return 2595.0 * std::log10(1.0 + hz / 700.0); }
inline double from_mel(double mel) { return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0); }

}  // namespace soundalike
