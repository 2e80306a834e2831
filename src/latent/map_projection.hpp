#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "soundalike/map_outline.hpp"
#include "soundalike/rows.hpp"

namespace soundalike::latent {

/// A projection with where it puts the points.
struct DrawnProjection {
  MapProjection about;
  std::vector<float> positions;  ///< [points x 2]
};

DrawnProjection draw_pca(Rows embeddings);
/// All that a map gets without being asked.
std::vector<DrawnProjection> draw_projections(Rows embeddings, std::uint64_t seed, std::size_t threads);

/// Fills in trustworthiness, neighbours_kept and knob_roughness.
void measure(DrawnProjection& drawn, Rows embeddings, Rows settings, const std::vector<SettingsSpace::Knob>& free,
             std::size_t threads);

/// Of those without labels, the one with the least knob roughness becomes the default.
void choose_default(std::vector<MapProjection>& projections);

}  // namespace soundalike::latent
