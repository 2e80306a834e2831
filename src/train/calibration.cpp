#include "train/calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace soundalike::training {
namespace {

using Knobs = std::vector<PredictedKnob>;

struct Difference {
  double mean = 0.0;   // over the collections, each counting the same
  double error = 0.0;  // standard error of that
};

class Calibration {
 public:
  Calibration(Knobs knobs, std::span<const KnobPrediction> said, std::span<const std::size_t> collections,
              const Judge& judge, const Progress& progress)
      : knobs_(std::move(knobs)), said_(said), collections_(collections), judge_(judge), progress_(progress) {
    losses_ = losses_of(knobs_);
  }

  // Of several changes of what is best now the one that gains most, if it gains for certain. @return whether one did.
  bool take_best(const std::vector<Knobs>& changes) {
    std::optional<std::size_t> best;
    std::vector<double> losses;
    double gain = 0.0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const auto changed = losses_of(changes[i]);
      const Difference difference = gain_over(losses_, changed);
      if (difference.mean <= std::max(gain, difference.error)) continue;
      gain = difference.mean;
      best = i;
      losses = changed;
    }
    if (!best) return false;
    knobs_ = changes[*best];
    losses_ = std::move(losses);
    return true;
  }

  // All numbers trusted by this share of what they are now.
  Knobs trusted(float share) const {
    Knobs knobs = knobs_;
    for (auto& knob : knobs) {
      if (knob.categories == 0) knob.trust *= share;
    }
    return knobs;
  }

  const Knobs& knobs() const { return knobs_; }

 private:
  std::vector<double> losses_of(const Knobs& knobs) {
    if (progress_) progress_({"calibrating", ++tried_, 0, {}});
    return judge_.losses(chosen_settings(knobs, said_));
  }

  Difference gain_over(std::span<const double> before, std::span<const double> after) const {
    struct Sum {
      double count = 0.0, sum = 0.0, squares = 0.0;
    };
    std::map<std::size_t, Sum> sums;
    for (std::size_t j = 0; j < after.size(); ++j) {
      Sum& sum = sums[collections_[judge_.clip_of(j)]];
      const double gain = before[j] - after[j];
      sum.count += 1.0;
      sum.sum += gain;
      sum.squares += gain * gain;
    }
    Difference out;
    double variance = 0.0;
    for (const auto& [collection, sum] : sums) {
      const double mean = sum.sum / sum.count;
      out.mean += mean / static_cast<double>(sums.size());
      variance += std::max(0.0, sum.squares / sum.count - mean * mean) / std::max(1.0, sum.count - 1.0);
    }
    out.error = std::sqrt(variance) / static_cast<double>(sums.size());
    return out;
  }

  Knobs knobs_;
  std::span<const KnobPrediction> said_;
  std::span<const std::size_t> collections_;
  const Judge& judge_;
  const Progress& progress_;
  std::vector<double> losses_;
  std::size_t tried_ = 0;
};

// Of which knobs some example is predicted at its likeliest place.
std::vector<std::size_t> guessed_knobs(const Knobs& knobs, std::span<const KnobPrediction> said) {
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < knobs.size(); ++k) {
    bool guessed = false;
    for (std::size_t i = k; i < said.size() && !guessed; i += knobs.size()) guessed = !choose(knobs[k], said[i]).hedged;
    if (guessed) out.push_back(k);
  }
  return out;
}

// [knobs] where each is put when nothing is known.
std::vector<float> anchors_of(const Rigs& rigs, const SettingsSpace& space) {
  std::vector<float> all = space.expand(std::vector<double>(space.free().size(), 0.5));
  std::size_t at = 0;
  for (std::size_t e = 0; e < rigs.chain().size(); ++e) {
    const auto& neutral = rigs.profiles()[e].neutral;
    for (const auto& parameter : rigs.chain()[e].parameters) {
      if (neutral && neutral->contains(parameter.id)) all[at] = neutral->at(parameter.id);
      ++at;
    }
  }
  std::vector<float> anchors;
  for (const auto& knob : space.free()) anchors.push_back(std::clamp(all[knob.parameter], knob.low, knob.high));
  return anchors;
}

}  // namespace

std::vector<float> chosen_settings(std::span<const PredictedKnob> knobs, std::span<const KnobPrediction> said) {
  std::vector<float> settings;
  settings.reserve(said.size());
  for (std::size_t i = 0; i < said.size(); ++i) settings.push_back(choose(knobs[i % knobs.size()], said[i]).setting);
  return settings;
}

std::vector<PredictedKnob> calibrate(std::vector<PredictedKnob> knobs, std::span<const KnobPrediction> said,
                                     std::span<const float> anchors, std::span<const std::size_t> collections,
                                     const Judge& judge, const Progress& progress) {
  for (std::size_t k = 0; k < knobs.size(); ++k) knobs[k].anchor = anchors[k];
  const auto guessed = guessed_knobs(knobs, said);
  Knobs hedged = knobs;
  for (const std::size_t k : guessed) hedged[k].hedge = true;
  Calibration calibration(std::move(hedged), said, collections, judge, progress);
  std::vector<Knobs> changes;
  // The finish through the plugin learns means, so they are what is taken where nothing speaks for a guess.
  changes.emplace_back(knobs);
  calibration.take_best(changes);
  changes.clear();
  for (const std::size_t k : guessed) {
    Knobs& changed = changes.emplace_back(calibration.knobs());
    changed[k].hedge = !changed[k].hedge;
  }
  calibration.take_best(changes);
  changes.clear();
  for (const float share : {0.75f, 0.5f, 0.25f, 0.0f}) changes.push_back(calibration.trusted(share));
  calibration.take_best(changes);
  return calibration.knobs();
}

std::vector<float> calibrate_controller(Checkpoint& controller, const ControllerRoom& room, const Rigs& rigs,
                                        const SettingsSpace& space, std::span<const std::size_t> collections,
                                        const Progress& progress) {
  Knobs knobs;
  for (const auto& effect : controller.effects) knobs.insert(knobs.end(), effect.knobs.begin(), effect.knobs.end());
  const auto said = room.judged_predictions();
  knobs = calibrate(std::move(knobs), said, anchors_of(rigs, space), collections, room.judge, progress);
  auto next = knobs.begin();
  for (auto& effect : controller.effects) {
    for (auto& knob : effect.knobs) knob = *next++;
  }
  return chosen_settings(knobs, said);
}

}  // namespace soundalike::training
