#include <fmt/format.h>

#include <cmath>

#include "metric/vector_rows.hpp"
#include "soundalike/error.hpp"

namespace soundalike::metric {
namespace {

double cosine_distance(std::span<const float> a, std::span<const float> b) {
  double ab = 0.0, aa = 0.0, bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += double{a[i]} * double{b[i]};
    aa += double{a[i]} * double{a[i]};
    bb += double{b[i]} * double{b[i]};
  }
  if (aa == 0.0 || bb == 0.0) {
    throw Error(ErrorCode::invalid_argument, "an embedding is all zero and has no direction");
  }
  return std::max(0.0, 1.0 - ab / (std::sqrt(aa) * std::sqrt(bb)));
}

}  // namespace

constexpr VectorMetric embedding_distance{
    .name = "embedding-distance",
    .summary = "1 - cosine of the angle between the embeddings of output and target, 0 to 2, mean over pairs",
    .source = "scipy.spatial.distance.cosine on the given encoder's vectors",
    .compute = [](Vectors outputs, Vectors targets) {
      double sum = 0.0;
      for (std::size_t i = 0; i < targets.size(); ++i) sum += cosine_distance(outputs[i], targets[i]);
      return sum / static_cast<double>(targets.size());
    }};

}  // namespace soundalike::metric
