#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace soundalike {

/// Ranks from 1; equal values share the mean of theirs.
struct Ranks {
  std::vector<double> rank;            ///< in the order of the values
  std::vector<std::size_t> tie_sizes;  ///< of each group of equal values, singles too
};
Ranks ranks_of(std::span<const double> values);

/// The values as multiples of 1e-12 of the largest: differences of means that are equal but for rounding become equal.
std::vector<double> snapped(std::span<const double> values);

/// @throws Error invalid_argument naming `what` unless all are finite.
void require_finite(std::span<const double> values, const char* what);

}  // namespace soundalike
