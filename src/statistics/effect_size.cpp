#include "soundalike/effect_size.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "soundalike/error.hpp"
#include "soundalike/paired_test.hpp"

namespace soundalike {

double rank_biserial(std::span<const double> differences) {
  const WilcoxonResult ranks = wilcoxon_signed_rank(differences, {.exact_up_to = 0});
  const double sum = ranks.positive_ranks + ranks.negative_ranks;
  return sum > 0.0 ? (ranks.positive_ranks - ranks.negative_ranks) / sum : 0.0;
}

double cohens_dz(std::span<const double> differences) {
  const auto n = static_cast<double>(differences.size());
  if (differences.size() < 2) {
    throw Error(ErrorCode::invalid_argument,
                "cannot tell an effect size of " + std::to_string(differences.size()) + " differences: needs two");
  }
  double mean = 0.0;
  for (const double d : differences) mean += d / n;
  double variance = 0.0;
  for (const double d : differences) variance += (d - mean) * (d - mean) / (n - 1.0);
  if (std::ranges::all_of(differences, [&](double d) { return d == differences[0]; })) {
    const double first = differences[0];
    return first == 0.0 ? 0.0 : std::copysign(std::numeric_limits<double>::infinity(), first);
  }
  return mean / std::sqrt(variance);
}

double cliffs_delta(std::span<const double> first, std::span<const double> second) {
  if (first.empty() || second.empty()) {
    throw Error(ErrorCode::invalid_argument, "cannot compare " + std::to_string(first.size()) + " values with " +
                                                 std::to_string(second.size()) + ": needs one of each");
  }
  std::vector<double> sorted(second.begin(), second.end());
  std::ranges::sort(sorted);
  double sum = 0.0;
  for (const double v : first) {
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), v);
    sum += static_cast<double>(low - sorted.begin()) - static_cast<double>(sorted.end() - high);
  }
  return sum / (static_cast<double>(first.size()) * static_cast<double>(second.size()));
}

}  // namespace soundalike
