#pragma once

#include <optional>
#include <vector>

#include "soundalike/latent_scores.hpp"

namespace soundalike::latent {

/// Every field of DimensionActivity, as far as the map's encoder lets it be known.
std::vector<DimensionActivity> activity_of(const LatentMap& map, const LatentScoreOptions& options);

}  // namespace soundalike::latent
