#pragma once

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "soundalike/controller_training.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/manifest.hpp"
#include "soundalike/progress.hpp"
#include "soundalike/settings_space.hpp"
#include "train/clips.hpp"
#include "train/examples.hpp"
#include "train/rigs.hpp"

namespace soundalike::training {

/// What effects' knobs may be set to, without those that are pinned.
/// @throws Error invalid_argument when none is free.
SettingsSpace space_of(const Rigs& rigs, const std::vector<std::pair<std::string, std::string>>& pinned);

/// The recordings of both splits.
struct Material {
  std::vector<ClipPair> clips, validation_clips;
  std::size_t recordings = 0;  // of the train split
};
/// @throws Error invalid_argument where the options leave nothing to be learnt from them.
Material load_material(const std::vector<Manifest>& data, const ControllerTrainingOptions& options,
                       const Progress& progress, const std::stop_token& stop);

/// Renders of random settings, heard by the encoder.
struct KnownSettings {
  Examples train, validation;
};
KnownSettings make_both(const Material& material, Rigs& rigs, const SettingsSpace& space, const Encoder& encoder,
                        const ControllerTrainingOptions& options, const Progress& progress,
                        const std::stop_token& stop);

}  // namespace soundalike::training
