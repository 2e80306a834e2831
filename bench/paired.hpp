#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

namespace soundalike::bench {

/// The median of what many pairs say, and where the true median lies with a confidence of 95 %.
struct Estimate {
  double median = 0.0;
  double low = 0.0;
  double high = 0.0;
};

/// Makes no assumption about how the values are distributed: the interval's ends are order statistics, whose distance
/// from the middle the binomial distribution tells. Fewer than six values have no such interval: it is all of them.
inline Estimate estimate(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument("no values");
  std::ranges::sort(values);
  const auto count = static_cast<double>(values.size());
  const double reach = 1.96 * std::sqrt(count) / 2.0;
  const auto low = static_cast<std::size_t>(std::max(0.0, std::floor((count - 1.0) / 2.0 - reach)));
  const std::size_t middle = values.size() / 2;
  const double median = values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
  return {median, values[low], values[values.size() - 1 - low]};
}

inline nlohmann::ordered_json to_json(const Estimate& e) {
  return {{"median", e.median}, {"interval", {e.low, e.high}}};
}

}  // namespace soundalike::bench
