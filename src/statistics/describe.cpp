#include "soundalike/describe.hpp"

#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"
#include "statistics/ranks.hpp"

namespace soundalike {
namespace {

double median_of_sorted(std::span<const double> sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half]);
}

std::vector<double> sorted_values(std::span<const double> values) {
  if (values.empty()) throw Error(ErrorCode::invalid_argument, "cannot describe no values");
  require_finite(values, "values");
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  return sorted;
}

double central_moment(std::span<const double> values, double center, int power) {
  double sum = 0.0;
  for (const double v : values) sum += std::pow(v - center, power);
  return sum / static_cast<double>(values.size());
}

}  // namespace

BoxSummary box_summary(std::span<const double> values) {
  const std::vector<double> sorted = sorted_values(values);
  const std::size_t half = (sorted.size() + 1) / 2;
  BoxSummary box;
  box.count = sorted.size();
  box.median = median_of_sorted(sorted);
  box.quartile1 = median_of_sorted(std::span(sorted).first(half));
  box.quartile3 = median_of_sorted(std::span(sorted).last(half));
  const double reach = 1.5 * box.iqr();
  box.low = box.quartile1;
  box.high = box.quartile3;
  for (const double v : sorted) {
    if (v < box.quartile1 - reach || v > box.quartile3 + reach) {
      box.outliers.push_back(v);
    } else {
      box.low = std::min(box.low, v);
      box.high = std::max(box.high, v);
    }
  }
  return box;
}

double median(std::span<const double> values) { return median_of_sorted(sorted_values(values)); }

double mean(std::span<const double> values) {
  if (values.empty()) throw Error(ErrorCode::invalid_argument, "cannot take the mean of no values");
  double sum = 0.0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

double standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return 0.0;
  const auto n = static_cast<double>(values.size());
  return std::sqrt(central_moment(values, mean(values), 2) * n / (n - 1.0));
}

double bimodality(std::span<const double> values) {
  if (values.size() < 4) return 0.0;
  const auto n = static_cast<double>(values.size());
  const double center = mean(values);
  const double m2 = central_moment(values, center, 2);
  if (!(m2 > 0.0)) return 0.0;
  const double skewness = std::sqrt(n * (n - 1.0)) / (n - 2.0) * central_moment(values, center, 3) / std::pow(m2, 1.5);
  const double excess = central_moment(values, center, 4) / (m2 * m2) - 3.0;
  const double kurtosis = (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * excess + 6.0);
  return (skewness * skewness + 1.0) / (kurtosis + 3.0 * (n - 1.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0)));
}

}  // namespace soundalike
