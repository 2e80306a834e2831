#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "soundalike/rows.hpp"

namespace soundalike {

/// The nearest points of each query, nearest first.
struct Neighbours {
  std::size_t k = 0;
  std::vector<std::uint32_t> index;  ///< [queries x k]
  std::vector<float> distance;       ///< [queries x k], Euclidean

  std::span<const std::uint32_t> of(std::size_t query) const { return std::span(index).subspan(query * k, k); }
  std::span<const float> distances(std::size_t query) const { return std::span(distance).subspan(query * k, k); }
};

/// The k nearest of `points` to each query. Exact: points are looked at in the order of where they lie, each until its
/// sum of squares says that it cannot be near, so that numbers that hang together, as embeddings do, take a third of
/// the time that random ones take, and nothing is left to chance as in an approximate index that several threads build.
/// Of equally near ones the first counts as nearer. The same bits for any number of threads and on any machine.
///
///   const Neighbours found = nearest_to(queries, points, 15, 4);
///   points[found.of(0)[0]];   // nearest to queries[0]
///
/// @param k at most points.count(). @throws Error invalid_argument for other widths, a k that is too large, or values
/// that are not finite.
Neighbours nearest_to(Rows queries, Rows points, std::size_t k, std::size_t threads = 1);

/// The k nearest other points of each point: itself left out, but not those that equal it. k < points.count().
Neighbours nearest_among(Rows points, std::size_t k, std::size_t threads = 1);

}  // namespace soundalike
