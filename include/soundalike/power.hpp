#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "soundalike/rng.hpp"

namespace soundalike {

struct PowerOptions {
  std::size_t simulations = 1000;  ///< standard error of the power: at most 0.016 for 1000
  double alpha = 0.05;
  std::uint64_t seed = 0;
};

/// How often Wilcoxon's signed-rank test would find a difference with `count` subjects, if differences were spread as
/// in the pilot: subjects are drawn from it with replacement.
///
///   for (std::size_t n = 5; n <= 40; n += 5) std::cout << n << " " << wilcoxon_power(pilot, n, {.seed = 1}) << "\n";
///
/// With few in the pilot this is a rough guess, and one made after a test that found nothing says nothing new.
/// @throws Error invalid_argument for an empty pilot.
double wilcoxon_power(std::span<const double> pilot, std::size_t count, const PowerOptions& options);

/// The same of any test.
/// @param p of one simulated study.
double simulated_power(const std::function<double(Rng&)>& p, const PowerOptions& options);

}  // namespace soundalike
