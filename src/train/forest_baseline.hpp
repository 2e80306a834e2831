#pragma once

#include <vector>

#include "soundalike/settings_space.hpp"
#include "train/examples.hpp"

namespace soundalike::training {

/// The baseline of Sheng and Fazekas (2019): a random forest from the difference of the two embeddings to the settings,
/// fitted to `known`. Choices are the category that the mean of the trees falls into.
/// @return [asked.size() x knobs].
std::vector<float> forest_settings(const Examples& known, const Examples& asked, const SettingsSpace& space,
                                   std::size_t trees, std::size_t threads, std::uint64_t seed);

}  // namespace soundalike::training
