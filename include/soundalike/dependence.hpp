#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/rows.hpp"

namespace soundalike {

/// How much one number says about another, in nats: the nearest-neighbour estimate of Kraskov, Stoegbauer and
/// Grassberger (2004, first estimator; sklearn's mutual_info_regression without its noise). 0 at least; unbounded where
/// one follows from the other.
/// @param a, b one pair per example, more than `neighbours`.
/// @throws Error invalid_argument for counts that do not fit or values that are not finite.
double mutual_information(std::span<const float> a, std::span<const float> b, std::size_t neighbours = 3);

/// The directions in two sets of numbers that go together most (Hotelling 1936).
struct Cca {
  std::vector<double> correlation;  ///< [components], falling
  std::vector<float> first;         ///< [examples x components]: the first set along its directions, variance 1
  std::vector<float> second;
};
/// Directions in which a set varies less than 1e-6 of what it does most count as constant.
/// @param components at most the smaller width; fewer come back where the sets do not have as many directions.
/// @throws Error invalid_argument for counts that do not fit or values that are not finite.
Cca canonical_correlation(Rows first, Rows second, std::size_t components);

}  // namespace soundalike
