#pragma once

#include "spectral/canvas.hpp"

namespace soundalike {

/// Viridis (van der Walt and Smith 2015): even steps of lightness, also in grey and for colour-blind eyes.
/// @param x 0 (dark violet) to 1 (yellow); clipped.
Color viridis(float x);

}  // namespace soundalike
