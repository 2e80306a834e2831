#include "learn/standardise.hpp"

#include <cmath>

namespace soundalike::learn {

Scale fit_scale(Rows examples) {
  Scale scale;
  const auto n = static_cast<double>(examples.count());
  for (std::size_t d = 0; d < examples.width; ++d) {
    double sum = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < examples.count(); ++i) sum += static_cast<double>(examples[i][d]) / n;
    for (std::size_t i = 0; i < examples.count(); ++i) {
      squares += std::pow(static_cast<double>(examples[i][d]) - sum, 2) / n;
    }
    scale.mean.push_back(static_cast<float>(sum));
    // Less than this is what rounding makes of a constant.
    const bool varies = std::sqrt(squares) > 1e-6 * std::abs(sum);
    scale.factor.push_back(varies && squares > 0.0 ? static_cast<float>(1.0 / std::sqrt(squares)) : 0.0f);
  }
  return scale;
}

std::vector<float> Scale::standardised(Rows rows) const {
  std::vector<float> result;
  result.reserve(rows.values.size());
  for (std::size_t i = 0; i < rows.values.size(); ++i) {
    const std::size_t d = i % rows.width;
    result.push_back((rows.values[i] - mean[d]) * factor[d]);
  }
  return result;
}

}  // namespace soundalike::learn
