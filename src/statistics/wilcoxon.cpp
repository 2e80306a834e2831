#include <algorithm>
#include <cmath>
#include <string>

#include "soundalike/error.hpp"
#include "soundalike/paired_test.hpp"
#include "statistics/distributions.hpp"
#include "statistics/ranks.hpp"

namespace soundalike {
namespace {

struct Tails {
  double at_most = 1.0, at_least = 1.0;  // of the sum of positive ranks
};

// Over all choices of signs. Mean ranks are multiples of a half, so twice the sum is a whole number.
Tails exact_tails(std::span<const double> ranks, double positive_ranks) {
  std::vector<double> chance{1.0};  // [twice the sum of positive ranks]
  for (const double rank : ranks) {
    const auto step = static_cast<std::size_t>(std::lround(2.0 * rank));
    std::vector<double> next(chance.size() + step);
    for (std::size_t s = 0; s < chance.size(); ++s) {
      next[s] += 0.5 * chance[s];
      next[s + step] += 0.5 * chance[s];
    }
    chance = std::move(next);
  }
  const auto seen = static_cast<std::size_t>(std::lround(2.0 * positive_ranks));
  Tails tails{0.0, 0.0};
  for (std::size_t s = 0; s < chance.size(); ++s) {
    if (s <= seen) tails.at_most += chance[s];
    if (s >= seen) tails.at_least += chance[s];
  }
  return tails;
}

// Variance of the sum is a quarter of the squared ranks, whatever the ties.
Tails normal_tails(std::span<const double> ranks, double positive_ranks) {
  double mean = 0.0;
  double variance = 0.0;
  for (const double rank : ranks) {
    mean += rank / 2.0;
    variance += rank * rank / 4.0;
  }
  const double z = (positive_ranks - mean) / std::sqrt(variance);
  return {normal_cdf(z), normal_cdf(-z)};
}

double p_of(const Tails& tails, Alternative alternative) {
  switch (alternative) {
    case Alternative::greater:
      return std::min(1.0, tails.at_least);
    case Alternative::less:
      return std::min(1.0, tails.at_most);
    case Alternative::two_sided:
      break;
  }
  return std::min(1.0, 2.0 * std::min(tails.at_most, tails.at_least));
}

}  // namespace

WilcoxonResult wilcoxon_signed_rank(std::span<const double> differences, const WilcoxonOptions& options) {
  require_finite(differences, "differences");
  std::vector<double> sizes;
  std::vector<bool> positive;
  for (const double d : snapped(differences)) {
    if (d == 0.0 && options.zeros == ZeroRule::drop) continue;
    sizes.push_back(std::fabs(d));
    positive.push_back(d > 0.0);
  }
  const Ranks all = ranks_of(sizes);
  WilcoxonResult result;
  std::vector<double> ranks;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0.0) continue;
    ranks.push_back(all.rank[i]);
    (positive[i] ? result.positive_ranks : result.negative_ranks) += all.rank[i];
  }
  result.pairs = ranks.size();
  result.zeros = differences.size() - ranks.size();
  if (ranks.empty()) return result;
  result.exact = ranks.size() <= options.exact_up_to;
  result.p = p_of(result.exact ? exact_tails(ranks, result.positive_ranks) : normal_tails(ranks, result.positive_ranks),
                  options.alternative);
  return result;
}

std::vector<double> differences(std::span<const double> first, std::span<const double> second) {
  if (first.size() != second.size()) {
    throw Error(ErrorCode::invalid_argument, "cannot pair " + std::to_string(first.size()) + " values with " +
                                                 std::to_string(second.size()) + ": a paired test needs equally many");
  }
  std::vector<double> result(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) result[i] = first[i] - second[i];
  return result;
}

}  // namespace soundalike
