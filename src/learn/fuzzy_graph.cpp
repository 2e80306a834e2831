#include "learn/fuzzy_graph.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/parallel.hpp"

namespace soundalike::learn {
namespace {

constexpr int bisections = 64;
constexpr double tolerance = 1e-5;
constexpr double least_share = 1e-3;  // of the mean distance, that a bandwidth has at least

/// Bandwidth such that the memberships sum to `target`.
double bandwidth(std::span<const float> distances, double nearest, double target) {
  double low = 0.0, high = std::numeric_limits<double>::infinity(), sigma = 1.0;
  for (int i = 0; i < bisections; ++i) {
    double sum = 0.0;
    for (const float distance : distances) {
      const double beyond = static_cast<double>(distance) - nearest;
      sum += beyond > 0.0 ? std::exp(-beyond / sigma) : 1.0;
    }
    if (std::abs(sum - target) < tolerance) break;
    if (sum > target) {
      high = sigma;
      sigma = (low + high) / 2.0;
    } else {
      low = sigma;
      sigma = std::isinf(high) ? 2.0 * sigma : (low + high) / 2.0;
    }
  }
  return sigma;
}

/// A directed edge as part of a list that becomes a graph.
struct Edge {
  std::uint32_t to;
  float there, back;  // weight of this direction and of the other
};

/// a + b - a b of the weights in both directions, where either is not 0.
Graph united(std::size_t vertices, std::vector<std::vector<Edge>>& edges) {
  Graph graph;
  graph.begin.push_back(0);
  for (std::size_t i = 0; i < vertices; ++i) {
    auto& row = edges[i];
    std::ranges::stable_sort(row, {}, &Edge::to);
    for (std::size_t e = 0; e < row.size();) {
      float there = 0.0f, back = 0.0f;
      const std::uint32_t to = row[e].to;
      for (; e < row.size() && row[e].to == to; ++e) {
        there = std::max(there, row[e].there);
        back = std::max(back, row[e].back);
      }
      const float weight = (there + back) - there * back;
      if (weight <= 0.0f) continue;
      graph.to.push_back(to);
      graph.weight.push_back(weight);
    }
    graph.begin.push_back(graph.to.size());
  }
  return graph;
}

}  // namespace

std::vector<float> memberships(const Neighbours& neighbours, std::size_t threads) {
  const std::size_t k = neighbours.k, n = neighbours.index.size() / k;
  const double all = std::accumulate(neighbours.distance.begin(), neighbours.distance.end(), 0.0);
  const double mean_of_all = all / static_cast<double>(n * (k + 1));  // the example itself counts, at distance 0
  const double target = std::log2(static_cast<double>(k + 1));
  std::vector<float> result(neighbours.index.size());
  parallel_for((n + 255) / 256, threads, [&](std::size_t block) {
    for (std::size_t i = block * 256; i < std::min(n, (block + 1) * 256); ++i) {
      const auto distances = neighbours.distances(i);
      const auto first = std::ranges::find_if(distances, [](float d) { return d > 0.0f; });
      const double nearest = first == distances.end() ? 0.0 : static_cast<double>(*first);
      const double own = std::accumulate(distances.begin(), distances.end(), 0.0) / static_cast<double>(k + 1);
      const double sigma =
          std::max(bandwidth(distances, nearest, target), least_share * (nearest > 0.0 ? own : mean_of_all));
      for (std::size_t j = 0; j < k; ++j) {
        const double beyond = static_cast<double>(distances[j]) - nearest;
        result[i * k + j] = beyond <= 0.0 || sigma == 0.0 ? 1.0f : static_cast<float>(std::exp(-beyond / sigma));
      }
    }
  });
  return result;
}

Graph fuzzy_union(const Neighbours& neighbours, std::span<const float> memberships) {
  const std::size_t k = neighbours.k, n = neighbours.index.size() / k;
  std::vector<std::vector<Edge>> edges(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const std::uint32_t to = neighbours.index[i * k + j];
      const float weight = memberships[i * k + j];
      edges[i].push_back({to, weight, 0.0f});
      edges[to].push_back({static_cast<std::uint32_t>(i), 0.0f, weight});
    }
  }
  return united(n, edges);
}

Graph with_labels(const Graph& graph, std::span<const int> labels, double weight) {
  const float unknown = std::exp(-1.0f), different = static_cast<float>(std::exp(-2.5 / (1.0 - weight)));
  const std::size_t n = graph.vertices();
  std::vector<float> left(graph.weight);
  std::vector<float> largest(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t e = graph.begin[i]; e < graph.begin[i + 1]; ++e) {
      const int a = labels[i], b = labels[graph.to[e]];
      if (a < 0 || b < 0) {
        left[e] *= unknown;
      } else if (a != b) {
        left[e] *= different;
      }
      largest[i] = std::max(largest[i], left[e]);
    }
  }
  std::vector<std::vector<Edge>> edges(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t e = graph.begin[i]; e < graph.begin[i + 1]; ++e) {
      const std::uint32_t to = graph.to[e];
      if (left[e] > 0.0f) edges[i].push_back({to, left[e] / largest[i], left[e] / largest[to]});
    }
  }
  return united(n, edges);
}

Graph without_weak(const Graph& graph, float least) {
  Graph result;
  result.begin.push_back(0);
  for (std::size_t i = 0; i < graph.vertices(); ++i) {
    for (std::size_t e = graph.begin[i]; e < graph.begin[i + 1]; ++e) {
      if (graph.weight[e] < least) continue;
      result.to.push_back(graph.to[e]);
      result.weight.push_back(graph.weight[e]);
    }
    result.begin.push_back(result.to.size());
  }
  return result;
}

std::vector<std::size_t> components(const Graph& graph) {
  constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> part(graph.vertices(), none);
  std::vector<std::uint32_t> open;
  std::size_t count = 0;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != none) continue;
    part[i] = count;
    open.push_back(static_cast<std::uint32_t>(i));
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      for (std::size_t e = graph.begin[at]; e < graph.begin[at + 1]; ++e) {
        if (part[graph.to[e]] != none) continue;
        part[graph.to[e]] = count;
        open.push_back(graph.to[e]);
      }
    }
    ++count;
  }
  return part;
}

}  // namespace soundalike::learn
