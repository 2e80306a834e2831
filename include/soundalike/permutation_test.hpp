#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace soundalike {

enum class Location { mean, median };

struct PermutationOptions {
  Location location = Location::median;  ///< what is compared with 0; BS.1534-3, attachment 3: medians
  std::size_t permutations = 10000;
  std::uint64_t seed = 0;
};

struct PermutationResult {
  double location = 0.0;  ///< of the differences
  double p = 1.0;         ///< two-sided
  bool exact = false;     ///< over all 2^n choices of signs, because they are no more than `permutations`
};

/// Paired permutation test: were it chance alone which of two values is the first, how often would the mean or median
/// difference be as far from 0? Signs are drawn `permutations` times, and what was seen counts as one of them
/// (Phipson & Smyth 2010), so that p is never 0.
///
///   PermutationResult r = paired_permutation(differences(ours, theirs), {.seed = 1});
/// @throws Error invalid_argument for no differences, or some that are not finite.
PermutationResult paired_permutation(std::span<const double> differences, const PermutationOptions& options);

}  // namespace soundalike
