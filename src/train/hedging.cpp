#include "train/hedging.hpp"

#include <cmath>
#include <optional>

namespace soundalike::training {
namespace {

using Knobs = std::vector<PredictedKnob>;

class Hedging {
 public:
  Hedging(Knobs knobs, std::span<const KnobPrediction> said, const Judge& judge, const Progress& progress)
      : knobs_(std::move(knobs)), said_(said), judge_(judge), progress_(progress), losses_(losses_of(knobs_)) {}

  // Of several changes of what is best now the one that gains most, if it gains for certain.
  void take_best(const std::vector<Knobs>& changes) {
    std::optional<std::size_t> best;
    std::vector<double> losses;
    double most = 0.0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const auto changed = losses_of(changes[i]);
      const double gain = certain_gain(changed);
      if (gain <= most) continue;
      most = gain;
      best = i;
      losses = changed;
    }
    if (!best) return;
    knobs_ = changes[*best];
    losses_ = std::move(losses);
  }

  const Knobs& knobs() const { return knobs_; }

 private:
  std::vector<double> losses_of(const Knobs& knobs) {
    if (progress_) progress_({"deciding what to hedge", ++tried_, 0, {}});
    return judge_.losses(chosen_settings(knobs, said_));
  }

  // The mean gain over what is best now, or 0 where it is within its standard error.
  double certain_gain(std::span<const double> losses) const {
    const auto count = static_cast<double>(losses.size());
    double sum = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < losses.size(); ++i) {
      const double gain = losses_[i] - losses[i];
      sum += gain;
      squares += gain * gain;
    }
    const double mean = sum / count;
    const double error = std::sqrt(std::max(0.0, squares / count - mean * mean) / std::max(1.0, count - 1.0));
    return mean > error ? mean : 0.0;
  }

  Knobs knobs_;
  std::span<const KnobPrediction> said_;
  const Judge& judge_;
  const Progress& progress_;
  std::size_t tried_ = 0;
  std::vector<double> losses_;
};

Knobs knobs_of(const std::vector<ControlledEffect>& effects) {
  Knobs knobs;
  for (const auto& effect : effects) knobs.insert(knobs.end(), effect.knobs.begin(), effect.knobs.end());
  return knobs;
}

// Which knobs are set to their likeliest place in some example.
std::vector<std::size_t> guessed_knobs(const Knobs& knobs, std::span<const KnobPrediction> said) {
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < knobs.size(); ++k) {
    bool guessed = false;
    for (std::size_t i = k; i < said.size() && !guessed; i += knobs.size()) guessed = !choose(knobs[k], said[i]).hedged;
    if (guessed) out.push_back(k);
  }
  return out;
}

std::vector<std::size_t> numbers_with_parts(const Knobs& knobs) {
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < knobs.size(); ++k) {
    if (knobs[k].categories == 0 && knobs[k].parts > 0) out.push_back(k);
  }
  return out;
}

}  // namespace

std::vector<float> chosen_settings(std::span<const PredictedKnob> knobs, std::span<const KnobPrediction> said) {
  std::vector<float> settings;
  settings.reserve(said.size());
  for (std::size_t i = 0; i < said.size(); ++i) settings.push_back(choose(knobs[i % knobs.size()], said[i]).setting);
  return settings;
}

std::vector<PredictedKnob> decide_hedges(std::vector<PredictedKnob> knobs, std::span<const KnobPrediction> said,
                                         const Judge& judge, const Progress& progress) {
  const auto guessed = guessed_knobs(knobs, said);
  if (guessed.empty()) return knobs;
  Knobs hedged = knobs;
  for (const std::size_t k : guessed) hedged[k].hedge = true;
  Knobs guesses = knobs;
  for (const std::size_t k : numbers_with_parts(knobs)) guesses[k].guess = true;
  Hedging hedging(std::move(hedged), said, judge, progress);
  hedging.take_best({std::move(knobs), std::move(guesses)});
  std::vector<Knobs> changes;
  for (const std::size_t k : guessed) {
    Knobs& changed = changes.emplace_back(hedging.knobs());
    changed[k].hedge = !changed[k].hedge;
    if (changed[k].hedge) changed[k].guess = false;
  }
  hedging.take_best(changes);
  return hedging.knobs();
}

std::vector<float> hedge_controller(Checkpoint& controller, std::span<const KnobPrediction> said, const Judge& judge,
                                    const Progress& progress) {
  const Knobs knobs = decide_hedges(knobs_of(controller.effects), said, judge, progress);
  auto next = knobs.begin();
  for (auto& effect : controller.effects) {
    for (auto& knob : effect.knobs) knob = *next++;
  }
  return chosen_settings(knobs, said);
}

MeansOrGuesses means_or_guesses(const std::vector<ControlledEffect>& effects, std::span<const KnobPrediction> said,
                                const Judge& judge) {
  Knobs knobs = knobs_of(effects);
  const auto guessed = guessed_knobs(knobs, said);
  MeansOrGuesses guesses{chosen_settings(knobs, said)};
  guesses.loss = judge.mean_loss(guesses.settings);
  if (guessed.empty()) return guesses;
  for (const std::size_t k : guessed) knobs[k].hedge = true;
  MeansOrGuesses means{chosen_settings(knobs, said)};
  means.loss = judge.mean_loss(means.settings);
  return means.loss <= guesses.loss ? means : guesses;
}

}  // namespace soundalike::training
