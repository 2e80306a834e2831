#include <cmath>

#include "metric/vector_rows.hpp"

namespace soundalike::metric {

constexpr VectorMetric parameter_mae{
    .name = "parameter-mae",
    .summary = "mean absolute difference of the settings, each in [0, 1], over knobs and pairs",
    .source = "as LLM2Fx and others report it; 1/3 is what two random settings give, 1/4 the middle",
    .compute = [](Vectors outputs, Vectors targets) {
      double sum = 0.0;
      for (std::size_t i = 0; i < targets.size(); ++i) {
        for (std::size_t k = 0; k < targets[i].size(); ++k) {
          sum += std::abs(double{outputs[i][k]} - double{targets[i][k]});
        }
      }
      return sum / static_cast<double>(targets.size() * targets.front().size());
    }};

}  // namespace soundalike::metric
