#pragma once

#include <span>
#include <vector>

#include "soundalike/controller.hpp"
#include "soundalike/progress.hpp"
#include "train/controller_trainees.hpp"

namespace soundalike::training {

/// What of a controller's predictions may be trusted, found on recordings that it did not learn from.
///
/// Numbers are set to their means, and where that comes nearer to their likeliest places: all of those that are
/// sometimes predicted so, or all but one, or one. Then all go less far from their anchors, if that comes nearer. What
/// comes nearer does so in the mean over the collections, each counting the same, and by more than a standard error.
///
/// @param knobs as predicted: with no hedges, all trust. @param said [examples x knobs] of the judge's examples.
/// @param anchors [knobs] settings that are right when nothing is known. @param collections [clips] to which of the
///        collections of recordings each belongs. @throws Error cancelled.
std::vector<PredictedKnob> calibrate(std::vector<PredictedKnob> knobs, std::span<const KnobPrediction> said,
                                     std::span<const float> anchors, std::span<const std::size_t> collections,
                                     const Judge& judge, const Progress& progress);

/// Writes into a controller what is found on a room's validation examples; knobs are anchored where the effect passes
/// sound unchanged, where there is such a setting, else in the middle. @return [examples x knobs] what is set then.
std::vector<float> calibrate_controller(Checkpoint& controller, const ControllerRoom& room, const Rigs& rigs,
                                        const SettingsSpace& space, std::span<const std::size_t> collections,
                                        const Progress& progress);

/// [examples x knobs] what is set: choose() of each.
std::vector<float> chosen_settings(std::span<const PredictedKnob> knobs, std::span<const KnobPrediction> said);

}  // namespace soundalike::training
