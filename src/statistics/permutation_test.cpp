#include "soundalike/permutation_test.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "soundalike/describe.hpp"
#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"
#include "statistics/ranks.hpp"

namespace soundalike {
namespace {

double location_of(std::vector<double>& values, Location location) {
  if (location == Location::mean) return mean(values);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

}  // namespace

PermutationResult paired_permutation(std::span<const double> differences, const PermutationOptions& options) {
  if (differences.empty()) throw Error(ErrorCode::invalid_argument, "cannot permute no differences");
  require_finite(differences, "differences");
  std::vector<double> values(differences.begin(), differences.end());
  PermutationResult result;
  result.location = location_of(values, options.location);
  // Equal up to rounding counts as equal: sums of the same numbers in another order differ a little.
  const double seen = std::fabs(result.location) * (1.0 - 1e-12);
  const std::size_t n = differences.size();
  result.exact = n < 60 && (std::size_t{1} << n) <= options.permutations;
  const std::size_t draws = result.exact ? std::size_t{1} << n : options.permutations;
  Rng rng(options.seed);
  std::size_t as_far = result.exact ? 0 : 1;
  for (std::size_t draw = 0; draw < draws; ++draw) {
    std::uint64_t signs = draw;
    for (std::size_t i = 0; i < n; ++i) {
      if (!result.exact && i % 64 == 0) signs = rng();
      values[i] = (signs >> (i % 64)) & 1 ? -differences[i] : differences[i];
    }
    as_far += std::fabs(location_of(values, options.location)) >= seen;
  }
  result.p = static_cast<double>(as_far) / static_cast<double>(draws + (result.exact ? 0 : 1));
  return result;
}

}  // namespace soundalike
