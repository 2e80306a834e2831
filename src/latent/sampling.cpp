#include "latent/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "search/sobol.hpp"
#include "soundalike/nearest.hpp"
#include "soundalike/rng.hpp"

namespace soundalike::latent {
namespace {

constexpr std::uint64_t uniform_stream = 0x3a9;
constexpr std::uint64_t denser_stream = 0x3aa;
constexpr std::size_t most_neighbours = 8;  // pairs per point

double distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0.0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += std::pow(static_cast<double>(a[d]) - static_cast<double>(b[d]), 2);
  return std::sqrt(sum);
}

}  // namespace

std::vector<double> even_points(Sampling method, std::size_t count, std::size_t dimensions, std::uint64_t seed) {
  std::vector<double> result;
  result.reserve(count * dimensions);
  if (method == Sampling::sobol && dimensions <= SobolSequence::largest) {
    SobolSequence sequence(dimensions, seed);
    for (std::size_t i = 0; i < count; ++i) {
      const auto point = sequence.next();
      result.insert(result.end(), point.begin(), point.end());
    }
    return result;
  }
  for (std::size_t i = 0; i < count; ++i) {
    Rng rng = Rng::derive(seed, uniform_stream, i);
    for (std::size_t d = 0; d < dimensions; ++d) result.push_back(rng.uniform());
  }
  return result;
}

std::size_t even_share(std::size_t asked) { return (asked + 1) / 2; }
std::size_t round_size(std::size_t asked) { return std::max<std::size_t>(1, asked / 8); }

std::vector<double> denser_points(Rows points, Rows embeddings, std::size_t count, std::uint64_t seed,
                                  std::size_t round, std::size_t threads) {
  Rng rng = Rng::derive(seed, denser_stream, round);
  const std::size_t dimensions = points.width, n = points.count();
  std::vector<double> result;
  if (n < 2) return even_points(Sampling::uniform, count, dimensions, seed + 1 + round);
  const Neighbours near = nearest_among(points, std::min(most_neighbours, n - 1), threads);
  std::vector<double> until;  // running sums of how far the embeddings of each pair are apart
  double total = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    for (const std::uint32_t j : near.of(i)) until.push_back(total += distance(embeddings[i], embeddings[j]));
  }
  for (std::size_t c = 0; c < count; ++c) {
    const double at = rng.uniform() * total;
    const auto pair = static_cast<std::size_t>(std::ranges::upper_bound(until, at) - until.begin());
    const std::size_t chosen = total > 0.0 ? std::min(pair, until.size() - 1) : rng.below(until.size());
    const std::size_t i = chosen / near.k, j = near.index[chosen];
    // Not always the middle, and a little beside the line, so that many points of one pair do not pile up.
    const double share = rng.uniform(0.25, 0.75);
    const double aside = 0.25 * static_cast<double>(near.distance[chosen]) / std::sqrt(static_cast<double>(dimensions));
    for (std::size_t d = 0; d < dimensions; ++d) {
      const double a = static_cast<double>(points[i][d]), b = static_cast<double>(points[j][d]);
      result.push_back(std::clamp(a + share * (b - a) + aside * rng.normal(), 0.0, 1.0 - 1e-9));
    }
  }
  return result;
}

}  // namespace soundalike::latent
