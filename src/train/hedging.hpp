#pragma once

#include <span>
#include <vector>

#include "soundalike/controller.hpp"
#include "soundalike/progress.hpp"
#include "train/judge.hpp"

namespace soundalike::training {

/// Which numbers had better be set to their means always (PredictedKnob::hedge) or to their likeliest places, found on
/// recordings that the controller did not learn from.
///
/// The finish through the plugin learns means, so these are taken; unless likeliest places come nearer by more than a
/// standard error: those of all numbers that are ever predicted so, or of all that have any (PredictedKnob::guess), the
/// better of these; then of all but one, or of one.
///
/// @param knobs as predicted, with no hedges and no guesses. @param said [examples x knobs] of the judge's examples.
/// @throws Error cancelled.
std::vector<PredictedKnob> decide_hedges(std::vector<PredictedKnob> knobs, std::span<const KnobPrediction> said,
                                         const Judge& judge, const Progress& progress);

/// Writes decide_hedges() into a controller. @return [examples x knobs] what is set then.
std::vector<float> hedge_controller(Checkpoint& controller, std::span<const KnobPrediction> said, const Judge& judge,
                                    const Progress& progress);

/// The better of means for all numbers and of likeliest places for all that have clearly likelier ones.
struct MeansOrGuesses {
  std::vector<float> settings;  ///< [examples x knobs]
  double loss = 0.0;
};
MeansOrGuesses means_or_guesses(const std::vector<ControlledEffect>& effects, std::span<const KnobPrediction> said,
                                const Judge& judge);

/// [examples x knobs] what is set: choose() of each.
std::vector<float> chosen_settings(std::span<const PredictedKnob> knobs, std::span<const KnobPrediction> said);

}  // namespace soundalike::training
