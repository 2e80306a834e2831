#pragma once

#include "soundalike/vector_metric.hpp"

namespace soundalike::metric {

/// The rows of vector_metrics(), each defined in a file named for it.
extern const VectorMetric embedding_distance;
extern const VectorMetric frechet_distance;
extern const VectorMetric parameter_mae;

}  // namespace soundalike::metric
