#include <algorithm>
#include <vector>

#include "soundalike/evaluation.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {

Interval bootstrap_mean(std::span<const double> values, std::uint64_t seed) {
  constexpr std::size_t resamples = 10000;
  if (values.empty()) return {};
  const auto n = static_cast<double>(values.size());
  double mean = 0.0;
  for (const double v : values) mean += v / n;
  Rng rng(seed);
  std::vector<double> means(resamples);
  for (double& m : means) {
    double sum = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[rng.below(values.size())];
    m = sum / n;
  }
  std::ranges::sort(means);
  return {mean, means[static_cast<std::size_t>(0.025 * resamples)], means[static_cast<std::size_t>(0.975 * resamples)]};
}

}  // namespace soundalike
