#pragma once

#include <cstdint>
#include <vector>

#include "soundalike/rows.hpp"

namespace soundalike::learn {

/// An order of the points in which those near each other come near each other: halved again and again at the median of
/// the coordinate that is spread widest, down to `leaf` points.
std::vector<std::uint32_t> near_together(Rows points, std::size_t leaf);

}  // namespace soundalike::learn
