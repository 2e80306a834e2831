#include "soundalike/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/parallel.hpp"
#include "base/vectorised.hpp"
#include "learn/locality.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr std::size_t lanes = 16;               // points that are compared at once
constexpr std::size_t stride = 32;              // of the width, between two looks at whether it is worth going on
constexpr std::size_t together = 4;             // queries that share what was read of a panel
constexpr std::size_t tile = 32;                // queries of a thread's turn
constexpr std::size_t chunk_floats = 1u << 15;  // of panels that stay in a core's cache while a tile sees them

// Half the lanes: compilers keep vectors that are wider than the machine's registers in memory.
using Half [[gnu::vector_size(lanes / 2 * sizeof(float))]] = float;
struct [[gnu::packed, gnu::may_alias]] HalfInMemory {  // of any alignment
  Half half;
};

struct Lanes {
  Half low, high;

  [[gnu::always_inline]] static Lanes load(const float* from) {
    const auto* halves = reinterpret_cast<const HalfInMemory*>(from);
    return {halves[0].half, halves[1].half};
  }
  [[gnu::always_inline]] void store(float* to) const {
    auto* halves = reinterpret_cast<HalfInMemory*>(to);
    halves[0].half = low;
    halves[1].half = high;
  }
  [[gnu::always_inline]] void add_squares(const Lanes& points, float query) {
    const Half l = points.low - query, h = points.high - query;
    low += l * l;
    high += h * h;
  }
};

/// Squared distances of `together` queries to the points of a panel [width x lanes]; each lane sums in order of width.
/// Sums only grow: once all are beyond `bounds`, one per query, the rest of the width cannot matter.
/// @return false when it came to that, and `out` is not written.
SOUNDALIKE_VECTORISED bool compare(const float* panel, const float* queries, std::size_t width, const float* bounds,
                                   float* out) {
  Lanes sum0{}, sum1{}, sum2{}, sum3{};
  const float *q0 = queries, *q1 = q0 + width, *q2 = q1 + width, *q3 = q2 + width;
  for (std::size_t begin = 0; begin < width; begin += stride) {
    const std::size_t end = std::min(width, begin + stride);
    for (std::size_t d = begin; d < end; ++d) {
      const Lanes points = Lanes::load(panel + d * lanes);
      sum0.add_squares(points, q0[d]);
      sum1.add_squares(points, q1[d]);
      sum2.add_squares(points, q2[d]);
      sum3.add_squares(points, q3[d]);
    }
    sum0.store(out);
    sum1.store(out + lanes);
    sum2.store(out + 2 * lanes);
    sum3.store(out + 3 * lanes);
    bool near = false;
    for (std::size_t q = 0; q < together; ++q) {
      for (std::size_t lane = 0; lane < lanes; ++lane) near |= out[q * lanes + lane] <= bounds[q];
    }
    if (!near) return false;
  }
  return true;
}

/// Points in the order that was found for them, in panels of `lanes`, dimension after dimension; what the last one has
/// no points for is infinitely far. Some panels are a chunk, which has a middle.
struct Panels {
  std::vector<std::uint32_t> order;
  std::vector<float> values;
  std::size_t width, chunk;  // panels of a chunk
  std::vector<float> middles;

  explicit Panels(Rows points)
      : order(learn::near_together(points, lanes)),
        width(points.width),
        chunk(std::max<std::size_t>(1, chunk_floats / (points.width * lanes))) {
    const std::size_t count = order.size(), panels = (count + lanes - 1) / lanes;
    values.assign(panels * width * lanes, std::numeric_limits<float>::infinity());
    middles.assign((panels + chunk - 1) / chunk * width, 0.0f);
    for (std::size_t i = 0; i < count; ++i) {
      float* at = values.data() + (i / lanes) * width * lanes + i % lanes;
      const std::size_t number = i / lanes / chunk, members = std::min(count - number * chunk * lanes, chunk * lanes);
      for (std::size_t d = 0; d < width; ++d) {
        at[d * lanes] = points.values[order[i] * width + d];
        middles[number * width + d] += at[d * lanes] / static_cast<float>(members);
      }
    }
  }
  std::size_t count() const { return values.size() / (width * lanes); }
  const float* panel(std::size_t p) const { return values.data() + p * width * lanes; }

  /// The chunks, those first whose middles are near: the sooner near points are found, the more others need no look.
  std::vector<std::size_t> chunks_from(std::span<const float> place) const {
    std::vector<std::pair<float, std::size_t>> far;
    for (std::size_t c = 0; c < middles.size() / width; ++c) {
      float squared = 0.0f;
      for (std::size_t d = 0; d < width; ++d)
        squared += (middles[c * width + d] - place[d]) * (middles[c * width + d] - place[d]);
      far.emplace_back(squared, c);
    }
    std::ranges::sort(far);
    std::vector<std::size_t> result;
    for (const auto& [squared, c] : far) result.push_back(c);
    return result;
  }
};

/// The nearest so far, sorted; of equally near ones the first.
struct Best {
  std::span<std::uint32_t> index;
  std::span<float> distance;

  bool before(std::size_t at, std::uint32_t point, float squared) const {
    return squared < distance[at] || (squared == distance[at] && point < index[at]);
  }
  void offer(std::uint32_t point, float squared) {
    std::size_t at = distance.size() - 1;
    if (!before(at, point, squared)) return;
    for (; at > 0 && before(at - 1, point, squared); --at) {
      distance[at] = distance[at - 1];
      index[at] = index[at - 1];
    }
    distance[at] = squared;
    index[at] = point;
  }
};

/// Finds the nearest of some queries, `who` by their numbers.
void search_tile(Rows queries, std::span<const std::uint32_t> who, const Panels& panels, bool among,
                 Neighbours& found) {
  const std::size_t width = queries.width;
  std::vector<float> block(tile * width), middle(width);
  for (std::size_t q = 0; q < who.size(); ++q) {
    std::ranges::copy(queries[who[q]], block.begin() + static_cast<std::ptrdiff_t>(q * width));
    for (std::size_t d = 0; d < width; ++d) middle[d] += queries[who[q]][d] / static_cast<float>(who.size());
  }
  std::array<float, together * lanes> squared;
  for (const std::size_t number : panels.chunks_from(middle)) {
    const std::size_t end = std::min(panels.count(), (number + 1) * panels.chunk);
    for (std::size_t q = 0; q < who.size(); q += together) {
      const std::size_t real = std::min(together, who.size() - q);
      std::array<float, together> bounds;
      bounds.fill(-1.0f);  // nothing is near a query that is none
      const auto best = [&](std::size_t r) {
        return Best{std::span(found.index).subspan(who[q + r] * found.k, found.k),
                    std::span(found.distance).subspan(who[q + r] * found.k, found.k)};
      };
      for (std::size_t r = 0; r < real; ++r) bounds[r] = best(r).distance.back();
      for (std::size_t p = number * panels.chunk; p < end; ++p) {
        if (!compare(panels.panel(p), block.data() + q * width, width, bounds.data(), squared.data())) continue;
        const std::size_t filled = std::min(lanes, panels.order.size() - p * lanes);
        for (std::size_t r = 0; r < real; ++r) {
          Best so_far = best(r);
          for (std::size_t lane = 0; lane < filled; ++lane) {
            const std::uint32_t point = panels.order[p * lanes + lane];
            if (squared[r * lanes + lane] <= bounds[r] && !(among && point == who[q + r])) {
              so_far.offer(point, squared[r * lanes + lane]);
            }
          }
          bounds[r] = so_far.distance.back();
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
  const Panels panels(points);
  const std::vector<std::uint32_t> order = among ? panels.order : learn::near_together(queries, tile);
  parallel_for((order.size() + tile - 1) / tile, threads, [&](std::size_t i) {
    search_tile(queries, std::span(order).subspan(i * tile, std::min(tile, order.size() - i * tile)), panels, among,
                found);
  });
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
