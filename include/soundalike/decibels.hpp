#pragma once

#include <cmath>

namespace soundalike {

/// Amplitude ratio to decibels; -infinity for 0.
inline double to_db(double ratio) { return 20.0 * std::log10(ratio); }
/// Decibels to amplitude ratio.
inline double from_db(double db) { return std::pow(10.0, db / 20.0); }

}  // namespace soundalike
