#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace soundalike {

/// What a box plot shows, after ITU-R BS.1534-3.
///
///   BoxSummary box = box_summary(grades);
struct BoxSummary {
  std::size_t count = 0;
  double quartile1 = 0.0, median = 0.0, quartile3 = 0.0;
  double low = 0.0, high = 0.0;  ///< ends of the whiskers: the furthest values that are no outliers
  std::vector<double> outliers;  ///< more than 1.5 IQR beyond the quartiles, ascending
  double iqr() const { return quartile3 - quartile1; }
};

/// Quartiles are the medians of the lower and the upper half; of an odd count the middle value belongs to both
/// (Tukey's hinges).
/// @throws Error invalid_argument for no values, or some that are not finite.
BoxSummary box_summary(std::span<const double> values);

/// The middle value, or the mean of the two in the middle.
double median(std::span<const double> values);
double mean(std::span<const double> values);
/// Of a sample: n - 1. 0 for one value.
double standard_deviation(std::span<const double> values);

/// (skewness^2 + 1) / (kurtosis + 3 (n - 1)^2 / ((n - 2) (n - 3))), with unbiased moments (SAS). Above 5/9, which an
/// even distribution has, the values may have two peaks: a median between them says little.
/// @return 0 for fewer than 4 values or equal ones.
double bimodality(std::span<const double> values);

}  // namespace soundalike
