#include "soundalike/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/parallel.hpp"
#include "base/vectorised.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr std::size_t lanes = 16;               // points that are compared at once
constexpr std::size_t together = 4;             // queries that share what was read of a panel
constexpr std::size_t tile = 32;                // queries of a thread's turn
constexpr std::size_t chunk_floats = 1u << 15;  // of panels that stay in a core's cache while a tile sees them

using Lanes = float __attribute__((vector_size(lanes * sizeof(float))));

/// Squared distances of `together` queries to the points of a panel [width x lanes]; each lane sums in order of width.
SOUNDALIKE_VECTORISED void compare(const float* panel, const float* queries, std::size_t width, float* out) {
  Lanes sum0{}, sum1{}, sum2{}, sum3{};
  const float *q0 = queries, *q1 = q0 + width, *q2 = q1 + width, *q3 = q2 + width;
  for (std::size_t d = 0; d < width; ++d) {
    Lanes points;
    std::memcpy(&points, panel + d * lanes, sizeof points);
    const Lanes d0 = points - q0[d], d1 = points - q1[d], d2 = points - q2[d], d3 = points - q3[d];
    sum0 += d0 * d0;
    sum1 += d1 * d1;
    sum2 += d2 * d2;
    sum3 += d3 * d3;
  }
  std::memcpy(out, &sum0, sizeof sum0);
  std::memcpy(out + lanes, &sum1, sizeof sum1);
  std::memcpy(out + 2 * lanes, &sum2, sizeof sum2);
  std::memcpy(out + 3 * lanes, &sum3, sizeof sum3);
}

/// Points in panels of `lanes`, dimension after dimension; what the last one has no points for is infinitely far.
std::vector<float> panels_of(Rows points) {
  const std::size_t panels = (points.count() + lanes - 1) / lanes;
  std::vector<float> result(panels * points.width * lanes, std::numeric_limits<float>::infinity());
  for (std::size_t i = 0; i < points.count(); ++i) {
    float* at = result.data() + (i / lanes) * points.width * lanes + i % lanes;
    for (std::size_t d = 0; d < points.width; ++d) at[d * lanes] = points.values[i * points.width + d];
  }
  return result;
}

/// The nearest so far, sorted.
struct Best {
  std::span<std::uint32_t> index;
  std::span<float> distance;

  void offer(std::uint32_t point, float squared) {
    std::size_t at = distance.size() - 1;
    for (; at > 0 && squared < distance[at - 1]; --at) {
      distance[at] = distance[at - 1];
      index[at] = index[at - 1];
    }
    distance[at] = squared;
    index[at] = point;
  }
};

constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

void search_tile(Rows queries, std::size_t first, std::span<const float> panels, std::size_t points, bool among,
                 Neighbours& found) {
  const std::size_t width = queries.width, count = std::min(tile, queries.count() - first);
  std::vector<float> block(tile * width);
  std::ranges::copy(queries.values.subspan(first * width, count * width), block.begin());
  const std::size_t panel_size = width * lanes, all = panels.size() / panel_size;
  const std::size_t chunk = std::max<std::size_t>(1, chunk_floats / panel_size);
  std::array<float, together * lanes> squared;
  for (std::size_t begin = 0; begin < all; begin += chunk) {
    const std::size_t end = std::min(all, begin + chunk);
    for (std::size_t q = 0; q < count; q += together) {
      for (std::size_t p = begin; p < end; ++p) {
        compare(panels.data() + p * panel_size, block.data() + q * width, width, squared.data());
        const std::size_t filled = std::min(lanes, points - p * lanes);
        for (std::size_t r = 0; r < std::min(together, count - q); ++r) {
          const std::size_t query = first + q + r, self = among ? query : nobody;
          Best best{std::span(found.index).subspan(query * found.k, found.k),
                    std::span(found.distance).subspan(query * found.k, found.k)};
          for (std::size_t lane = 0; lane < filled; ++lane) {
            const float value = squared[r * lanes + lane];
            if (value < best.distance.back() && p * lanes + lane != self) {
              best.offer(static_cast<std::uint32_t>(p * lanes + lane), value);
            }
          }
        }
      }
    }
  }
}

Neighbours search(Rows queries, Rows points, std::size_t k, std::size_t threads, bool among) {
  const std::size_t others = points.count() - (among && points.count() > 0 ? 1 : 0);
  if (queries.width != points.width || k == 0 || k > others) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot find the {} nearest of {} points with {} numbers each to one with {}: it takes at "
                            "least one and no more than there are, of one width",
                            k, others, points.width, queries.width));
  }
  for (const Rows& rows : {queries, points}) {
    if (std::ranges::all_of(rows.values, [](float x) { return std::isfinite(x); })) continue;
    throw Error(ErrorCode::invalid_argument, "cannot find the nearest of points with NaN or infinite values");
  }
  Neighbours found{k, std::vector<std::uint32_t>(queries.count() * k),
                   std::vector<float>(queries.count() * k, std::numeric_limits<float>::infinity())};
  const std::vector<float> panels = panels_of(points);
  parallel_for((queries.count() + tile - 1) / tile, threads,
               [&](std::size_t i) { search_tile(queries, i * tile, panels, points.count(), among, found); });
  for (float& distance : found.distance) distance = std::sqrt(distance);
  return found;
}

}  // namespace

Neighbours nearest_to(Rows queries, Rows points, std::size_t k, std::size_t threads) {
  return search(queries, points, k, threads, false);
}

Neighbours nearest_among(Rows points, std::size_t k, std::size_t threads) {
  return search(points, points, k, threads, true);
}

}  // namespace soundalike
