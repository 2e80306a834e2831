#include <algorithm>
#include <cmath>

#include "soundalike/evaluation.hpp"

namespace soundalike {
namespace {

// What is worth comparing where there is a controller.
constexpr std::pair<System, System> comparisons[] = {
    {System::dry, System::predict},       {System::preset, System::predict},    {System::middle, System::predict},
    {System::random, System::predict},    {System::neighbour, System::predict}, {System::predict, System::refined},
    {System::soundalike, System::refined}};

Interval mean_difference(std::span<const double> from, std::span<const double> minus, std::uint64_t seed) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < from.size(); ++i) differences.push_back(from[i] - minus[i]);
  return bootstrap_mean(differences, seed);
}

// Pearson's; 0 when either does not vary.
double correlation(std::span<const double> a, std::span<const double> b) {
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

}  // namespace

std::vector<CaseSummary> Evaluation::summaries() const {
  std::vector<CaseSummary> result;
  for (std::size_t c = 0; c < cases.size(); ++c) {
    CaseSummary summary;
    summary.effect = cases[c].effect.info.name;
    summary.maker = cases[c].maker.info.name;
    std::vector<std::vector<double>> by_system(systems.size());
    for (const Score& score : scores) {
      if (score.item != c) continue;
      by_system[static_cast<std::size_t>(score.system)].push_back(score.mrstft);
      summary.kept_dry += score.system == System::soundalike && score.kept_dry;
    }
    const auto of = [&](System system) -> const std::vector<double>& {
      return by_system[static_cast<std::size_t>(system)];
    };
    for (const auto& values : by_system) summary.pairs = std::max(summary.pairs, values.size());
    for (const auto& values : by_system) {
      summary.mrstft.push_back(values.empty() ? std::nullopt : std::optional(bootstrap_mean(values, options.seed)));
    }
    if (!of(System::dry).empty() && !of(System::soundalike).empty()) {
      summary.gain = mean_difference(of(System::dry), of(System::soundalike), options.seed);
      if (!of(System::oracle).empty()) {
        const double gap = mean_difference(of(System::dry), of(System::oracle), options.seed).mean;
        if (gap > 0.0) {
          summary.gap = gap;
          summary.gap_closed = summary.gain->mean / gap;
        }
      }
    }
    for (const auto& [over, system] : comparisons) {
      if (of(over).empty() || of(system).empty()) continue;
      summary.advantages.push_back({over, system, mean_difference(of(over), of(system), options.seed)});
    }
    result.push_back(std::move(summary));
  }
  return result;
}

std::vector<Recovery> Evaluation::recoveries(std::size_t item) const {
  std::vector<Recovery> result;
  for (const auto& parameter : cases.at(item).effect.parameters) {
    std::vector<double> truth;
    std::vector<double> predicted;
    std::vector<double> matched;
    for (const KnobScore& knob : knobs) {
      if (knob.item != item || knob.parameter != parameter.id) continue;
      truth.push_back(knob.truth);
      if (knob.matched) matched.push_back(*knob.matched);
      if (knob.predicted) predicted.push_back(*knob.predicted);
    }
    if (truth.empty()) continue;
    const auto error = [&](const std::vector<double>& found) {
      std::vector<double> errors;
      for (std::size_t i = 0; i < found.size(); ++i) errors.push_back(std::fabs(found[i] - truth[i]));
      return bootstrap_mean(errors, options.seed);
    };
    Recovery& recovery = result.emplace_back();
    recovery.parameter = parameter.id;
    recovery.middle_error = error(std::vector<double>(truth.size(), 0.5)).mean;
    if (matched.size() == truth.size()) {
      recovery.matched_error = error(matched);
      recovery.matched_correlation = correlation(matched, truth);
    }
    if (predicted.size() == truth.size()) {
      recovery.predicted_error = error(predicted);
      recovery.predicted_correlation = correlation(predicted, truth);
    }
  }
  return result;
}

}  // namespace soundalike
