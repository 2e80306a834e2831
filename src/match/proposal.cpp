#include "match/proposal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

// Share of the even distribution: a controller that is sure and wrong must not hide the right settings.
constexpr double even_share = 0.15;

double normal_cumulated(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

}  // namespace

Proposal::Proposal(const SettingsSpace& space, std::span<const EffectListing> chain,
                   std::span<const ControlledEffect> effects, std::span<const KnobPrediction> knobs) {
  // By index into the chain's parameters.
  std::vector<const KnobPrediction*> predictions;
  std::size_t next = 0;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const std::size_t first = predictions.size();
    predictions.resize(first + chain[i].parameters.size(), nullptr);
    for (const PredictedKnob& knob : effects[i].knobs) {
      const auto found = std::ranges::find(chain[i].parameters, knob.parameter, &Parameter::id);
      predictions[first + static_cast<std::size_t>(found - chain[i].parameters.begin())] = &knobs[next++];
    }
  }
  for (const SettingsSpace::Knob& free : space.free()) {
    Knob& knob = knobs_.emplace_back();
    const KnobPrediction* prediction = predictions[free.parameter];
    if (prediction == nullptr || prediction->probabilities.size() != free.categories) continue;
    knob.predicted = true;
    if (free.categories > 0) {
      knob.shares = {0.0};
      for (const float p : prediction->probabilities) {
        const double share = even_share / static_cast<double>(free.categories) + (1.0 - even_share) * p;
        knob.shares.push_back(knob.shares.back() + share);
      }
      continue;
    }
    const double width = std::max(1e-6, static_cast<double>(free.high) - free.low);
    knob.mean = std::clamp((prediction->setting - free.low) / width, 0.0, 1.0);
    knob.deviation = prediction->spread / width;
  }
}

// Share of the distribution below x in [0, 1].
double Proposal::cumulated(const Knob& knob, double x) {
  const double low = normal_cumulated(-knob.mean / knob.deviation);
  const double high = normal_cumulated((1.0 - knob.mean) / knob.deviation);
  const double here = normal_cumulated((x - knob.mean) / knob.deviation);
  return even_share * x + (1.0 - even_share) * (here - low) / (high - low);
}

std::vector<double> Proposal::center() const {
  std::vector<double> point;
  for (const Knob& knob : knobs_) {
    double value = knob.mean;
    if (!knob.shares.empty()) {
      std::size_t best = 0;
      const auto share = [&](std::size_t i) { return knob.shares[i + 1] - knob.shares[i]; };
      for (std::size_t i = 1; i + 1 < knob.shares.size(); ++i) {
        if (share(i) > share(best)) best = i;
      }
      value = (static_cast<double>(best) + 0.5) / static_cast<double>(knob.shares.size() - 1);
    }
    point.push_back(value);
  }
  return point;
}

std::vector<double> Proposal::spread_out(std::span<const double> even) const {
  std::vector<double> point(even.begin(), even.end());
  for (std::size_t i = 0; i < point.size(); ++i) {
    const Knob& knob = knobs_[i];
    if (!knob.predicted) continue;
    if (!knob.shares.empty()) {
      const auto above = std::upper_bound(knob.shares.begin() + 1, knob.shares.end() - 1, point[i]);
      const auto category = static_cast<double>(above - knob.shares.begin() - 1);
      point[i] = (category + 0.5) / static_cast<double>(knob.shares.size() - 1);
      continue;
    }
    double low = 0.0;
    double high = 1.0;
    for (int step = 0; step < 40; ++step) {  // the mixture has no inverse that could be written down
      const double middle = 0.5 * (low + high);
      (cumulated(knob, middle) < point[i] ? low : high) = middle;
    }
    point[i] = 0.5 * (low + high);
  }
  return point;
}

std::vector<double> Proposal::even_out(std::span<const double> point) const {
  std::vector<double> even(point.begin(), point.end());
  for (std::size_t i = 0; i < even.size(); ++i) {
    const Knob& knob = knobs_[i];
    if (!knob.predicted) continue;
    if (knob.shares.empty()) {
      even[i] = std::clamp(cumulated(knob, even[i]), 0.0, 1.0);
      continue;
    }
    const auto count = knob.shares.size() - 1;
    const auto category =
        std::min(count - 1, static_cast<std::size_t>(std::max(0.0, even[i] * static_cast<double>(count))));
    even[i] = 0.5 * (knob.shares[category] + knob.shares[category + 1]);
  }
  return even;
}

void check_controller(const Controller& controller, std::span<const EffectListing> chain) {
  const auto& effects = controller.effects();
  const auto fail = [&](const std::string& what) {
    throw Error(ErrorCode::invalid_argument, fmt::format("controller '{}' {}", controller.name(), what));
  };
  if (effects.size() != chain.size()) {
    fail(fmt::format("controls {} effects, not {}", effects.size(), chain.size()));
  }
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto& installed = chain[i];
    if (effects[i].id != installed.info.id) {
      fail(fmt::format("controls {} ({} parameters), not {}", effects[i].name, effects[i].parameters.size(),
                       installed.info.name));
    }
    if (effects[i].parameters.size() != installed.parameters.size()) {
      fail(fmt::format("learnt from {} {} with {} parameters; {} with {} is installed", effects[i].name,
                       effects[i].version, effects[i].parameters.size(), installed.info.version,
                       installed.parameters.size()));
    }
    for (std::size_t p = 0; p < installed.parameters.size(); ++p) {
      if (effects[i].parameters[p] == installed.parameters[p].id) continue;
      fail(fmt::format("learnt from {} {} with parameter '{}' where '{}' is installed", effects[i].name,
                       effects[i].version, effects[i].parameters[p], installed.parameters[p].id));
    }
  }
}

}  // namespace soundalike
