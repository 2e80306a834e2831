#pragma once

#include <span>

#include "soundalike/map_outline.hpp"
#include "soundalike/rows.hpp"

namespace soundalike::latent {

/// MapProjection::knob_roughness: the mean over points, their 5 nearest in `picture`, and free knobs of the difference
/// in setting (of categories: 1 if they differ), over that of pairs drawn at random. 1 when no knob moves.
double knob_roughness(Rows settings, std::span<const SettingsSpace::Knob> free, Rows picture, std::size_t threads);

}  // namespace soundalike::latent
