#include <algorithm>
#include <cmath>

#include "soundalike/evaluation_summary.hpp"

namespace soundalike {
namespace {

// Pearson's; 0 when either does not vary.
double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  double mean_a = 0.0;
  double mean_b = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    mean_a += a[i] / n;
    mean_b += b[i] / n;
  }
  double ab = 0.0;
  double aa = 0.0;
  double bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
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
      recovery.correlation = correlation(found, truth);
    }
  }
  return result;
}

}  // namespace soundalike
