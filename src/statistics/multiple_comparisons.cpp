#include "soundalike/multiple_comparisons.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

std::vector<std::size_t> ascending(std::span<const double> p) {
  for (const double value : p) {
    if (!(value >= 0.0 && value <= 1.0)) {
      throw Error(ErrorCode::invalid_argument,
                  "cannot correct a p of " + std::to_string(value) + ": must be between 0 and 1");
    }
  }
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  return order;
}

}  // namespace

std::vector<double> holm(std::span<const double> p) {
  const auto order = ascending(p);
  std::vector<double> adjusted(p.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < order.size(); ++i) {  // stepping down: the smallest first
    largest = std::max(largest, p[order[i]] * static_cast<double>(p.size() - i));
    adjusted[order[i]] = std::min(1.0, largest);
  }
  return adjusted;
}

std::vector<double> hochberg(std::span<const double> p) {
  const auto order = ascending(p);
  std::vector<double> adjusted(p.size());
  double smallest = 1.0;
  for (std::size_t i = order.size(); i-- > 0;) {  // stepping up: the largest first
    smallest = std::min(smallest, p[order[i]] * static_cast<double>(p.size() - i));
    adjusted[order[i]] = smallest;
  }
  return adjusted;
}

}  // namespace soundalike
