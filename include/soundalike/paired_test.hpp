#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace soundalike {

/// What counts as more extreme than what was seen.
enum class Alternative {
  two_sided,
  greater,  ///< differences tend to be above 0
  less,     ///< below 0
};

/// What becomes of pairs without a difference.
enum class ZeroRule {
  drop,  ///< they say nothing: left out before ranking (Wilcoxon 1945)
  rank,  ///< they are ranked, then left out, so that the others keep high ranks (Pratt 1959)
};

struct WilcoxonOptions {
  Alternative alternative = Alternative::two_sided;
  ZeroRule zeros = ZeroRule::drop;
  std::size_t exact_up_to = 100;  ///< non-zero differences; beyond, the normal distribution with tie correction
};

struct WilcoxonResult {
  double p = 1.0;
  double positive_ranks = 0.0;  ///< sum over differences above 0
  double negative_ranks = 0.0;
  std::size_t pairs = 0;  ///< that differ
  std::size_t zeros = 0;  ///< that do not
  bool exact = true;
};

/// Wilcoxon's signed-rank test of paired values: are the differences symmetric around 0?
///
///   WilcoxonResult r = wilcoxon_signed_rank(differences(ours, theirs));
///   if (r.p < 0.05) std::cout << "they differ; effect " << rank_biserial(differences);
///
/// Equal absolute differences share their mean rank; those that differ by less than 1e-12 of the largest are equal, so
/// that rounding breaks no ties. The exact p holds with ties too: it is over all 2^n choices of
/// signs, given the ranks that there are. Two-sided p is twice the smaller tail, at most 1. Without any difference p
/// is 1.
/// @throws Error invalid_argument for values that are not finite.
WilcoxonResult wilcoxon_signed_rank(std::span<const double> differences, const WilcoxonOptions& options = {});

/// Exact two-sided sign test: how likely are counts at least as uneven, were both sides equally likely? Ties are left
/// out before. 1 without any.
double sign_test(std::size_t wins, std::size_t losses);

/// P(X >= successes) of a binomial distribution: of so many right answers by guessing.
/// @throws Error invalid_argument for more successes than trials or a chance outside [0, 1].
double binomial_tail(std::size_t successes, std::size_t trials, double chance);

/// first - second, pair by pair.
/// @throws Error invalid_argument for other lengths.
std::vector<double> differences(std::span<const double> first, std::span<const double> second);

}  // namespace soundalike
