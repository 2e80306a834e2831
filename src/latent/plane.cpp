#include "latent/plane.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace soundalike::latent {

std::vector<double> squared_distances(std::span<const float> positions, double x, double y) {
  std::vector<double> result(positions.size() / 2);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double dx = static_cast<double>(positions[2 * i]) - x, dy = static_cast<double>(positions[2 * i + 1]) - y;
    result[i] = dx * dx + dy * dy;
  }
  return result;
}

std::vector<PointWeight> smooth_weights(std::span<const double> squared, std::size_t k) {
  std::vector<std::size_t> order(squared.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t shown = std::min(k + 1, order.size());
  const auto nearer = [&](std::size_t a, std::size_t b) {
    return squared[a] != squared[b] ? squared[a] < squared[b] : a < b;
  };
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(shown), nearer);
  // With no point left to take over, the farthest keeps a little weight.
  const double last = std::sqrt(squared[order[shown - 1]]);
  const double radius = shown > k ? last : 2.0 * last;
  const std::size_t used = std::min(k, shown);
  std::vector<PointWeight> result;
  double total = 0.0;
  const bool touches = squared[order[0]] == 0.0 || !(std::sqrt(squared[order[0]]) < radius);
  for (std::size_t i = 0; i < used; ++i) {
    const double distance = std::sqrt(squared[order[i]]);
    const double weight = touches ? (squared[order[i]] == squared[order[0]] ? 1.0 : 0.0)
                                  : std::pow(std::max(0.0, radius - distance) / (radius * distance), 2);
    if (weight <= 0.0) continue;
    result.push_back({order[i], weight});
    total += weight;
  }
  for (PointWeight& point : result) point.weight /= total;
  return result;
}

}  // namespace soundalike::latent
