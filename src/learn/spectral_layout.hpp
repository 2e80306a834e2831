#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "learn/fuzzy_graph.hpp"
#include "soundalike/rows.hpp"

namespace soundalike::learn {

/// Places to begin with, [vertices x 2]: the second and third eigenvectors of D^(-1/2) W D^(-1/2) of each connected
/// part of the graph, parts where the principal components of their means say; every coordinate in [0, 10], with a
/// little noise so that no two are equal. Where the eigenvectors are not found, the examples' principal components.
std::vector<float> spectral_layout(const Graph& graph, Rows examples, std::uint64_t seed, std::size_t threads);

}  // namespace soundalike::learn
