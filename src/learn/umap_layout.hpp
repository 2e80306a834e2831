#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "learn/attraction.hpp"
#include "learn/fuzzy_graph.hpp"
#include "soundalike/progress.hpp"

namespace soundalike::learn {

/// A weight over the largest one, as a fixed-point number of 31 bits.
inline std::uint32_t share_of(float weight, float largest) {
  return static_cast<std::uint32_t>(static_cast<double>(weight) / static_cast<double>(largest) * 2147483648.0);
}
/// Whether an edge pulls in an epoch: it does so as often as its share says, evenly spaced. Whenever the sum of the
/// shares passes a whole number, its bit of ones changes.
inline bool pulls(std::uint32_t share, std::uint32_t epoch) {
  return ((share * epoch) ^ (share * (epoch + 1))) >> 31 != 0;
}

struct LayoutOptions {
  std::size_t epochs = 200;
  std::size_t negative_samples = 5;
  std::uint64_t seed = 0;
  std::size_t threads = 1;
};

/// Moves places [vertices x 2] until edges are short and the rest is far, by stochastic gradient descent edge by edge
/// as umap-learn does it: both ends of an edge come together, one of them is pushed away from strangers. The vertices
/// take turns in classes of which no two are neighbours, so what one thread does to its own, no other looks at; what
/// comes of it for others is added up in a fixed order before the next class. So neither the number of threads nor
/// their timing matters.
/// @return false when stopped.
bool lay_out(std::vector<float>& places, const Graph& graph, const Curve& curve, const LayoutOptions& options,
             const Progress& progress, const std::stop_token& stop);

}  // namespace soundalike::learn
