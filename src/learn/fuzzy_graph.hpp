#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "soundalike/nearest.hpp"

namespace soundalike::learn {

/// A symmetric weighted graph in compressed rows, columns ascending.
struct Graph {
  std::vector<std::size_t> begin;  ///< [vertices + 1], into the next two
  std::vector<std::uint32_t> to;
  std::vector<float> weight;

  std::size_t vertices() const { return begin.size() - 1; }
};

/// How strongly each example belongs with each of its neighbours, [examples x k]: 1 for the nearest, falling off so
/// that they sum to log2(k + 1) (McInnes et al., algorithm 3).
std::vector<float> memberships(const Neighbours& neighbours, std::size_t threads);

/// The fuzzy union of what each example thinks of its neighbours: a + b - a b.
Graph fuzzy_union(const Neighbours& neighbours, std::span<const float> memberships);

/// What is left of the graph once classes are known: edges to unknown ones count for exp(-1), between different ones
/// for exp(-2.5 / (1 - weight)); then each vertex has an edge of full weight again.
Graph with_labels(const Graph& graph, std::span<const int> labels, double weight);

/// Without edges that are weaker than `least`.
Graph without_weak(const Graph& graph, float least);

/// The connected part of each vertex, numbered by their first vertices.
std::vector<std::size_t> components(const Graph& graph);

}  // namespace soundalike::learn
