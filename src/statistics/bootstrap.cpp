#include "soundalike/bootstrap.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {

Bounds bootstrap_bounds(std::size_t count, const std::function<double(std::span<const std::size_t>)>& statistic,
                        const BootstrapOptions& options) {
  if (count == 0 || options.resamples == 0 || !(options.confidence > 0.0 && options.confidence < 1.0)) {
    throw Error(ErrorCode::invalid_argument, "cannot bootstrap " + std::to_string(count) + " values " +
                                                 std::to_string(options.resamples) + " times with a confidence of " +
                                                 std::to_string(options.confidence) +
                                                 ": needs values, resamples and a confidence between 0 and 1");
  }
  Rng rng(options.seed);
  const Below below(count);
  std::vector<std::size_t> drawn(count);
  std::vector<double> results(options.resamples);
  for (double& result : results) {
    for (std::size_t& index : drawn) index = below(rng);
    result = statistic(drawn);
  }
  const auto at = [&](double share) {
    // 0.975 of 10000 must be 9750 whatever the rounding.
    const auto index = static_cast<std::size_t>(share * static_cast<double>(options.resamples) + 1e-9);
    const auto place = results.begin() + static_cast<std::ptrdiff_t>(std::min(index, options.resamples - 1));
    std::ranges::nth_element(results, place);
    return *place;
  };
  const double tail = (1.0 - options.confidence) / 2.0;
  return {at(tail), at(1.0 - tail)};
}

Interval bootstrap_mean(std::span<const double> values, const BootstrapOptions& options) {
  if (values.empty()) return {};
  const auto n = static_cast<double>(values.size());
  double mean = 0.0;
  for (const double v : values) mean += v / n;
  const auto drawn_mean = [&](std::span<const std::size_t> drawn) {
    double sum = 0.0;
    for (const std::size_t i : drawn) sum += values[i];
    return sum / n;
  };
  const Bounds bounds = bootstrap_bounds(values.size(), drawn_mean, options);
  return {mean, bounds.low, bounds.high};
}

Interval bootstrap_mean(std::span<const double> values, std::uint64_t seed) {
  return bootstrap_mean(values, BootstrapOptions{.seed = seed});
}

Interval bootstrap_group_mean(std::span<const double> values, std::span<const std::size_t> groups,
                              const BootstrapOptions& options) {
  if (values.size() != groups.size()) {
    throw Error(ErrorCode::invalid_argument, "cannot bootstrap " + std::to_string(values.size()) + " values in " +
                                                 std::to_string(groups.size()) + " groups: give each value its group");
  }
  if (values.empty()) return {};
  struct Group {
    double sum = 0.0, count = 0.0;
  };
  std::map<std::size_t, Group> by_name;
  for (std::size_t i = 0; i < values.size(); ++i) {
    by_name[groups[i]].sum += values[i];
    by_name[groups[i]].count += 1.0;
  }
  std::vector<Group> all;
  Group total;
  for (const auto& [name, group] : by_name) {
    all.push_back(group);
    total.sum += group.sum;
    total.count += group.count;
  }
  const auto drawn_mean = [&](std::span<const std::size_t> drawn) {
    Group sum;
    for (const std::size_t i : drawn) {
      sum.sum += all[i].sum;
      sum.count += all[i].count;
    }
    return sum.sum / sum.count;
  };
  const Bounds bounds = bootstrap_bounds(all.size(), drawn_mean, options);
  return {total.sum / total.count, bounds.low, bounds.high};
}

}  // namespace soundalike
