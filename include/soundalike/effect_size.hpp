#pragma once

#include <span>

namespace soundalike {

/// How large a difference is, in numbers that do not grow with the count of pairs.
///
///   double r = rank_biserial(differences);   // 0.8: nine tenths of the rank weight on one side
///   double d = cohens_dz(differences);       // 0.2 small, 0.5 medium, 0.8 large (Cohen 1988)
///
/// All are 0 when nothing differs.

/// Matched-pairs rank biserial correlation (Kerby 2014), in [-1, 1]: the share of Wilcoxon's rank sum that is above 0
/// minus that below.
double rank_biserial(std::span<const double> differences);

/// Mean difference in standard deviations of the differences (n - 1); +-infinity where all differences are equal.
/// @throws Error invalid_argument for fewer than 2.
double cohens_dz(std::span<const double> differences);

/// Cliff's delta (1993), in [-1, 1]: P(first > second) - P(first < second) over all pairs of one value of each.
/// @throws Error invalid_argument when either is empty.
double cliffs_delta(std::span<const double> first, std::span<const double> second);

}  // namespace soundalike
