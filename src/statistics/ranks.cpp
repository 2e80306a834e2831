#include "statistics/ranks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "soundalike/error.hpp"

namespace soundalike {

Ranks ranks_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
  Ranks result{std::vector<double>(values.size()), {}};
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    // Ranks first + 1 to end.
    for (std::size_t i = first; i < end; ++i) result.rank[order[i]] = static_cast<double>(first + 1 + end) / 2.0;
    result.tie_sizes.push_back(end - first);
    first = end;
  }
  return result;
}

std::vector<double> snapped(std::span<const double> values) {
  double largest = 0.0;
  for (const double v : values) largest = std::max(largest, std::fabs(v));
  std::vector<double> result(values.begin(), values.end());
  if (!(largest > 0.0)) return result;
  for (double& v : result) v = std::nearbyint(v / largest * 1e12);
  return result;
}

void require_finite(std::span<const double> values, const char* what) {
  const auto bad = std::ranges::find_if_not(values, [](double v) { return std::isfinite(v); });
  if (bad == values.end()) return;
  throw Error(ErrorCode::invalid_argument,
              std::string("cannot use ") + what + ": value " + std::to_string(bad - values.begin() + 1) + " of " +
                  std::to_string(values.size()) + " is not a finite number; leave failures out and count them");
}

}  // namespace soundalike
