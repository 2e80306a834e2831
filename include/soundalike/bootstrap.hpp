#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace soundalike {

/// A mean and the bounds within which the true one lies, with the stated confidence.
struct Interval {
  double mean = 0.0, low = 0.0, high = 0.0;
};

struct Bounds {
  double low = 0.0, high = 0.0;
};

struct BootstrapOptions {
  std::uint64_t seed = 0;
  std::size_t resamples = 10000;  ///< more: bounds that depend less on the seed
  double confidence = 0.95;       ///< in (0, 1)
};

/// Percentile bootstrap (Efron & Tibshirani 1993, chapter 13): what varies is drawn again with replacement, and the
/// bounds are quantiles of the statistic over the draws. Draw whatever was drawn in the study: recordings, assessors;
/// not the clips or ratings that hang together within one.
///
///   Interval gain = bootstrap_mean(differences, 2026);                       // one difference per recording
///   Interval mean = bootstrap_group_mean(scores, recording_of_score, {.seed = 2026});   // several per recording
///   Bounds bounds = bootstrap_bounds(assessors, [&](auto drawn) { return median_over(drawn); }, {.seed = 2026});
///
/// With few groups the bounds are too narrow: with 10 normal values "95 %" covers about 90 %. Equal options give equal
/// results on every machine. Safe from many threads.
///
/// @return {0, 0, 0} for no values.
Interval bootstrap_mean(std::span<const double> values, std::uint64_t seed);
Interval bootstrap_mean(std::span<const double> values, const BootstrapOptions& options);

/// The mean over all values, with groups drawn whole.
/// @param groups of each value: any number that tells the groups apart.
/// @throws Error invalid_argument for other than one group per value.
Interval bootstrap_group_mean(std::span<const double> values, std::span<const std::size_t> groups,
                              const BootstrapOptions& options);

/// Bounds of any statistic.
/// @param count what is drawn from: 0 to count - 1; > 0.
/// @param statistic of `count` indices drawn with replacement.
/// @throws Error invalid_argument for a count or resamples of 0, or a confidence outside (0, 1).
Bounds bootstrap_bounds(std::size_t count, const std::function<double(std::span<const std::size_t>)>& statistic,
                        const BootstrapOptions& options);

}  // namespace soundalike
