#pragma once

#include <span>
#include <vector>

#include "soundalike/controller.hpp"
#include "soundalike/progress.hpp"
#include "train/controller_trainees.hpp"

namespace soundalike::training {

/// Which numbers had better be set to their means always (PredictedKnob::hedge), found on recordings that the
/// controller did not learn from.
///
/// The finish through the plugin learns means, so these are taken; unless likeliest places come nearer by more than a
/// standard error: those of all numbers that are ever predicted so, then of all but one, or of one.
///
/// @param knobs as predicted, with no hedges. @param said [examples x knobs] of the judge's examples.
/// @throws Error cancelled.
std::vector<PredictedKnob> decide_hedges(std::vector<PredictedKnob> knobs, std::span<const KnobPrediction> said,
                                         const Judge& judge, const Progress& progress);

/// Writes into a controller what is found on a room's validation examples. @return [examples x knobs] what is set then.
std::vector<float> hedge_controller(Checkpoint& controller, const ControllerRoom& room, const Progress& progress);

/// [examples x knobs] what is set: choose() of each.
std::vector<float> chosen_settings(std::span<const PredictedKnob> knobs, std::span<const KnobPrediction> said);

}  // namespace soundalike::training
