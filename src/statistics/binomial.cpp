#include <algorithm>
#include <cmath>
#include <string>

#include "soundalike/error.hpp"
#include "soundalike/paired_test.hpp"

namespace soundalike {

double binomial_tail(std::size_t successes, std::size_t trials, double chance) {
  if (successes > trials || !(chance >= 0.0 && chance <= 1.0)) {
    throw Error(ErrorCode::invalid_argument, "cannot take " + std::to_string(successes) + " successes of " +
                                                 std::to_string(trials) + " trials with a chance of " +
                                                 std::to_string(chance));
  }
  if (chance == 0.0 || chance == 1.0) return successes == 0 || chance == 1.0 ? 1.0 : 0.0;
  const auto n = static_cast<double>(trials);
  double sum = 0.0;
  for (std::size_t k = successes; k <= trials; ++k) {
    const auto x = static_cast<double>(k);
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(x + 1.0) - std::lgamma(n - x + 1.0) + x * std::log(chance) +
                    (n - x) * std::log1p(-chance));
  }
  return std::min(1.0, sum);
}

double sign_test(std::size_t wins, std::size_t losses) {
  return std::min(1.0, 2.0 * binomial_tail(std::max(wins, losses), wins + losses, 0.5));
}

}  // namespace soundalike
