#include <algorithm>
#include <cmath>
#include <numeric>

#include "soundalike/evaluation_summary.hpp"

namespace soundalike {
namespace {

// Of the pairs of one group, each value less its mean over all groups.
struct Sums {
  double count = 0.0, a = 0.0, b = 0.0, ab = 0.0, aa = 0.0, bb = 0.0;

  void add(double x, double y) { add({1.0, x, y, x * y, x * x, y * y}); }
  void add(const Sums& more) {
    count += more.count;
    a += more.a;
    b += more.b;
    ab += more.ab;
    aa += more.aa;
    bb += more.bb;
  }
  // 0 when either does not vary, but for rounding.
  double correlation() const {
    const double spread_a = aa - a * a / count;
    const double spread_b = bb - b * b / count;
    constexpr double rounding = 1e-12;
    const bool both = spread_a > rounding * count && spread_b > rounding * count;
    return both ? (ab - a * b / count) / std::sqrt(spread_a * spread_b) : 0.0;
  }
};

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Interval correlation(const std::vector<double>& found, const std::vector<double>& truth,
                     const std::vector<std::size_t>& groups, std::uint64_t seed) {
  std::vector<Sums> sums(std::ranges::max(groups) + 1);
  Sums all;
  const double middle_found = mean(found);
  const double middle_truth = mean(truth);
  for (std::size_t i = 0; i < found.size(); ++i) {
    sums[groups[i]].add(found[i] - middle_found, truth[i] - middle_truth);
    all.add(found[i] - middle_found, truth[i] - middle_truth);
  }
  const Bounds bounds = bootstrap_bounds(sums.size(),
                                         [&](std::span<const std::size_t> drawn) {
                                           Sums of;
                                           for (const std::size_t group : drawn) of.add(sums[group]);
                                           return of.correlation();
                                         },
                                         {.seed = seed});
  return {all.correlation(), bounds.low, bounds.high};
}

Interval mean_error(const std::vector<double>& found, const std::vector<double>& truth,
                    const std::vector<std::size_t>& groups, std::uint64_t seed) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < found.size(); ++i) errors.push_back(std::fabs(found[i] - truth[i]));
  return bootstrap_group_mean(errors, groups, {.seed = seed});
}

}  // namespace

std::vector<Recovery> recoveries(const Evaluation& evaluation, std::size_t item) {
  std::vector<Recovery> result;
  const EvaluationCase& of = evaluation.cases.at(item);
  for (std::size_t knob = 0; knob < of.knobs.size(); ++knob) {
    for (const std::string& name : evaluation.systems) {
      std::vector<double> truth;
      std::vector<double> found;
      std::vector<std::size_t> groups;
      std::vector<std::string> met;
      for (const PairRecord& record : evaluation.records) {
        if (record.item != item || record.truth.size() <= knob) continue;
        const auto system = std::ranges::find(record.systems, name, &SystemRecord::system);
        if (system == record.systems.end() || system->knobs.size() <= knob) continue;
        truth.push_back(static_cast<double>(record.truth[knob]));
        found.push_back(static_cast<double>(system->knobs[knob]));
        const auto group = std::ranges::find(met, record.group);
        groups.push_back(static_cast<std::size_t>(group - met.begin()));
        if (group == met.end()) met.push_back(record.group);
      }
      if (truth.empty()) continue;
      Recovery& recovery = result.emplace_back();
      recovery.knob = of.knobs[knob];
      recovery.system = name;
      const std::uint64_t seed = evaluation.protocol.seed;
      recovery.middle_error = mean_error(std::vector<double>(truth.size(), 0.5), truth, groups, seed).mean;
      recovery.error = mean_error(found, truth, groups, seed);
      recovery.correlation = correlation(found, truth, groups, seed);
    }
  }
  return result;
}

}  // namespace soundalike
