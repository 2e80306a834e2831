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

// From 0 to 1, one more than there are probabilities; `even` of it is shared out evenly.
std::vector<double> cumulated_shares(std::span<const float> probabilities, double even) {
  std::vector<double> shares{0.0};
  for (const float p : probabilities) {
    shares.push_back(shares.back() + even / static_cast<double>(probabilities.size()) + (1.0 - even) * p);
  }
  return shares;
}

// The middle of the part with the largest share, parts being equally wide.
double middle_of_largest(std::span<const double> cumulated) {
  std::size_t best = 0;
  const auto share = [&](std::size_t i) { return cumulated[i + 1] - cumulated[i]; };
  for (std::size_t i = 1; i + 1 < cumulated.size(); ++i) {
    if (share(i) > share(best)) best = i;
  }
  return (static_cast<double>(best) + 0.5) / static_cast<double>(cumulated.size() - 1);
}

double normal_cumulated(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

}  // namespace

Proposal::Proposal(const SettingsSpace& space, std::span<const EffectListing> chain,
                   std::span<const ControlledEffect> effects, std::span<const KnobPrediction> knobs) {
  // By index into the chain's parameters.
  std::vector<const KnobPrediction*> predictions;
  std::vector<const PredictedKnob*> predicted;
  std::size_t next = 0;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const std::size_t first = predictions.size();
    predictions.resize(first + chain[i].parameters.size(), nullptr);
    predicted.resize(predictions.size(), nullptr);
    for (const PredictedKnob& knob : effects[i].knobs) {
      const auto found = std::ranges::find(chain[i].parameters, knob.parameter, &Parameter::id);
      const std::size_t place = first + static_cast<std::size_t>(found - chain[i].parameters.begin());
      predicted[place] = &knob;
      predictions[place] = &knobs[next++];
    }
  }
  for (const SettingsSpace::Knob& free : space.free()) {
    Knob& knob = knobs_.emplace_back();
    const KnobPrediction* prediction = predictions[free.parameter];
    if (prediction == nullptr || predicted[free.parameter]->categories != free.categories) continue;
    knob.predicted = true;
    if (free.categories > 0) {
      knob.shares = cumulated_shares(prediction->probabilities, even_share);
      continue;
    }
    const double width = std::max(1e-6, static_cast<double>(free.high) - free.low);
    const auto place = [&](float setting) { return std::clamp((setting - free.low) / width, 0.0, 1.0); };
    knob.mean = place(prediction->setting);
    const KnobChoice choice = choose(*predicted[free.parameter], *prediction);
    knob.choice = place(choice.setting);
    knob.hedged = choice.hedged;
    knob.deviation = prediction->spread / width;
    const PredictedKnob& learnt = *predicted[free.parameter];
    if (prediction->probabilities.empty() || learnt.high <= learnt.low) continue;
    knob.parts = cumulated_shares(prediction->probabilities, 0.0);
    knob.likeliest = likeliest_place(prediction->probabilities);
    knob.parts_low = (learnt.low - free.low) / width;
    knob.parts_width = (static_cast<double>(learnt.high) - learnt.low) / width;
  }
}

// Share of what is expected below x, over all numbers.
double Proposal::expected_below(const Knob& knob, double x) {
  if (knob.parts.empty()) return normal_cumulated((x - knob.mean) / knob.deviation);
  const auto count = static_cast<double>(knob.parts.size() - 1);
  const double place = std::clamp((x - knob.parts_low) / knob.parts_width, 0.0, 1.0) * count;
  const auto part = std::min(knob.parts.size() - 2, static_cast<std::size_t>(place));
  return knob.parts[part] + (place - static_cast<double>(part)) * (knob.parts[part + 1] - knob.parts[part]);
}

// Share of the distribution below x in [0, 1].
double Proposal::cumulated(const Knob& knob, double x) {
  const double low = expected_below(knob, 0.0);
  const double inside = expected_below(knob, 1.0) - low;
  if (!(inside > 1e-9)) return x;  // all of it lies outside what may be searched
  return even_share * x + (1.0 - even_share) * (expected_below(knob, x) - low) / inside;
}

std::vector<double> Proposal::center() const {
  std::vector<double> point = likeliest();
  for (std::size_t i = 0; i < point.size(); ++i) {
    if (knobs_[i].shares.empty()) point[i] = knobs_[i].choice;
  }
  return point;
}

bool Proposal::center_is_mean() const { return std::ranges::all_of(knobs_, &Knob::hedged); }

std::vector<double> Proposal::likeliest() const {
  std::vector<double> point;
  for (const Knob& knob : knobs_) {
    double value = knob.shares.empty() ? knob.mean : middle_of_largest(knob.shares);
    if (!knob.parts.empty()) {
      value = std::clamp(knob.parts_low + knob.parts_width * knob.likeliest, 0.0, 1.0);
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
