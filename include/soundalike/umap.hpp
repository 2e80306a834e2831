#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "soundalike/progress.hpp"
#include "soundalike/rows.hpp"

namespace soundalike {

struct UmapOptions {
  std::size_t neighbours = 15;  ///< that a point is drawn to, itself among them; more shows the whole, less the detail
  double minimum_distance = 0.1;     ///< of points in the picture; less packs clusters tighter
  double spread = 1.0;               ///< scale of the picture
  std::size_t epochs = 0;            ///< 0: 500 up to 10 000 examples, else 200
  std::size_t negative_samples = 5;  ///< points that push one away each time another draws it near
  std::uint64_t seed = 0;
  std::size_t threads = 1;  ///< does not change the result
  /// One per example: its class, -1 for unknown. Examples of one class are drawn together, those of different ones
  /// apart. Empty: none is known.
  std::span<const int> labels{};
  /// With labels: 0 looks at the numbers alone, towards 1 at the classes alone; below 1.
  double label_weight = 0.5;
};

/// Uniform manifold approximation and projection to the plane (McInnes, Healy and Melville, 2018): near examples near,
/// clusters apart; distances between far clusters mean little.
///
///   std::vector<float> plane = umap({.values = embeddings, .width = 64}, {.threads = 4});   // [examples x 2]
///
/// As good as umap-learn 0.5 by trustworthiness and neighbours kept (tests, bench/umap.py), but the same bits for any
/// number of threads: every example is moved by what draws and pushes it alone, against places of a moment that all
/// threads agree on, with random numbers that depend on the example and the moment. Starts from the eigenvectors of the
/// neighbour graph, part by part where it falls apart.
///
/// @throws Error invalid_argument for fewer than four examples, options that cannot work, or values that are not
///         finite; cancelled.
std::vector<float> umap(Rows examples, const UmapOptions& options = {}, const Progress& progress = {},
                        const std::stop_token& stop = {});

/// Where new examples belong in a picture that umap() made: among their nearest, then moved as in the making of it
/// while the picture stands still. An example's place does not depend on which others come with it.
/// @param positions [examples x 2]; options as they were for umap(), labels aside.
/// @return [fresh x 2]. @throws Error invalid_argument for counts or widths that do not fit.
std::vector<float> umap_transform(Rows examples, std::span<const float> positions, Rows fresh,
                                  const UmapOptions& options = {});

}  // namespace soundalike
