#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "soundalike/metric.hpp"

namespace soundalike {

/// Vectors that belong together: embeddings of recordings by one encoder, or settings of one effect in [0, 1].
using Vectors = std::span<const std::vector<float>>;

/// One way of comparing vectors of outputs with those of their targets: a row of vector_metrics(). The encoder is the
/// caller's, so the numbers of two encoders are not to be compared.
///
///   std::vector<std::vector<float>> outputs, targets;
///   for (const auto& pair : pairs) outputs.push_back(encoder.encode(pair.output)), targets.push_back(...);
///   const MetricValue distance = find_vector_metric("frechet-distance").measure(outputs, targets);
struct VectorMetric {
  std::string_view name;
  Direction better = Direction::lower;
  std::string_view summary;
  std::string_view source;
  bool paired = true;     ///< output i belongs to target i; else the two are sets of any sizes
  std::size_t least = 1;  ///< vectors on each side
  double (*compute)(Vectors outputs, Vectors targets) = nullptr;

  /// Never throws for vectors of any kind: too few, other lengths, and NaN are failures.
  MetricValue measure(Vectors outputs, Vectors targets) const;
};

std::span<const VectorMetric* const> vector_metrics();
/// @throws Error invalid_argument naming the known ones.
const VectorMetric& find_vector_metric(std::string_view name);

}  // namespace soundalike
