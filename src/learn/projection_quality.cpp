#include "soundalike/projection_quality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/parallel.hpp"
#include "base/vectorised.hpp"
#include "soundalike/error.hpp"
#include "soundalike/nearest.hpp"

namespace soundalike {
namespace {

SOUNDALIKE_VECTORISED double squared_distance(const float* a, const float* b, std::size_t width) {
  constexpr std::size_t lanes = 16;
  float sums[lanes] = {};
  std::size_t d = 0;
  for (; d + lanes <= width; d += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const float difference = a[d + lane] - b[d + lane];
      sums[lane] += difference * difference;
    }
  }
  for (; d < width; ++d) sums[d % lanes] += (a[d] - b[d]) * (a[d] - b[d]);
  double total = 0.0;
  for (const float sum : sums) total += static_cast<double>(sum);
  return total;
}

/// What one example adds: by how much its neighbours in the picture rank beyond k in truth, and how many are common.
struct Share {
  double penalty = 0.0;
  std::size_t kept = 0;
};

Share look_at(Rows truth, std::size_t example, std::span<const std::uint32_t> seen) {
  const std::size_t n = truth.count(), k = seen.size();
  std::vector<double> distance(n);
  for (std::size_t i = 0; i < n; ++i) {
    distance[i] = squared_distance(truth[example].data(), truth[i].data(), truth.width);
  }
  Share share;
  for (const std::uint32_t neighbour : seen) {
    std::size_t rank = 1;
    for (std::size_t i = 0; i < n; ++i) {
      if (i == example || i == neighbour) continue;
      rank += distance[i] < distance[neighbour] || (distance[i] == distance[neighbour] && i < neighbour) ? 1 : 0;
    }
    if (rank > k) {
      share.penalty += static_cast<double>(rank - k);
    } else {
      ++share.kept;
    }
  }
  return share;
}

}  // namespace

ProjectionQuality projection_quality(Rows truth, Rows picture, const QualityOptions& options) {
  const std::size_t n = truth.count(), k = options.k;
  if (picture.count() != n || k == 0 || 2 * k >= n || options.sample == 0) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot compare {} examples with {} places by their {} nearest: it takes as many of both, "
                            "and more than twice as many as are looked at",
                            n, picture.count(), k));
  }
  const std::size_t looked_at = std::min(options.sample, n);
  std::vector<std::size_t> chosen(looked_at);
  std::vector<float> queries;
  for (std::size_t i = 0; i < looked_at; ++i) {
    chosen[i] = i * n / looked_at;
    queries.insert(queries.end(), picture[chosen[i]].begin(), picture[chosen[i]].end());
  }
  // One more than k: the example itself is among them, if not always first.
  const Neighbours seen = nearest_to({queries, picture.width}, picture, k + 1, options.threads);
  std::vector<Share> shares(looked_at);
  parallel_for(looked_at, options.threads, [&](std::size_t i) {
    std::vector<std::uint32_t> others;
    for (const std::uint32_t point : seen.of(i)) {
      if (point != chosen[i] && others.size() < k) others.push_back(point);
    }
    shares[i] = look_at(truth, chosen[i], others);
  });
  double penalty = 0.0, kept = 0.0;
  for (const Share& share : shares) {
    penalty += share.penalty;
    kept += static_cast<double>(share.kept);
  }
  const auto count = static_cast<double>(looked_at), size = static_cast<double>(n), near = static_cast<double>(k);
  return {1.0 - penalty * 2.0 / (count * near * (2.0 * size - 3.0 * near - 1.0)), kept / (count * near)};
}

}  // namespace soundalike
