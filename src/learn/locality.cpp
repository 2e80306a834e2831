#include "learn/locality.hpp"

#include <algorithm>
#include <numeric>
#include <span>

namespace soundalike::learn {
namespace {

std::size_t widest(Rows points, std::span<const std::uint32_t> members, std::vector<double>& sums) {
  const std::size_t width = points.width;
  sums.assign(2 * width, 0.0);
  for (const std::uint32_t i : members) {
    const float* row = points.values.data() + i * width;
    for (std::size_t d = 0; d < width; ++d) {
      const double x = static_cast<double>(row[d]);
      sums[d] += x;
      sums[width + d] += x * x;
    }
  }
  std::size_t best = 0;
  double most = -1.0;
  for (std::size_t d = 0; d < width; ++d) {
    const double spread = sums[width + d] - sums[d] * sums[d] / static_cast<double>(members.size());
    if (spread > most) {
      most = spread;
      best = d;
    }
  }
  return best;
}

void halve(Rows points, std::span<std::uint32_t> members, std::size_t leaf, std::vector<double>& sums) {
  if (members.size() <= leaf) return;
  const std::size_t d = widest(points, members, sums);
  const auto at = [&](std::uint32_t i) { return points.values[i * points.width + d]; };
  // Whole leaves to the left, so that only the last one is not full.
  const std::size_t half = (members.size() / 2 + leaf - 1) / leaf * leaf;
  std::ranges::nth_element(members, members.begin() + static_cast<std::ptrdiff_t>(half),
                           [&](std::uint32_t a, std::uint32_t b) { return at(a) != at(b) ? at(a) < at(b) : a < b; });
  halve(points, members.first(half), leaf, sums);
  halve(points, members.subspan(half), leaf, sums);
}

}  // namespace

std::vector<std::uint32_t> near_together(Rows points, std::size_t leaf) {
  std::vector<std::uint32_t> order(points.count());
  std::iota(order.begin(), order.end(), 0u);
  std::vector<double> sums;
  halve(points, order, leaf, sums);
  return order;
}

}  // namespace soundalike::learn
