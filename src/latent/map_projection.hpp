#pragma once

#include <cstddef>
#include <stop_token>
#include <vector>

#include "soundalike/map_outline.hpp"
#include "soundalike/rows.hpp"
#include "soundalike/umap.hpp"

namespace soundalike::latent {

/// A projection with where it puts the points.
struct DrawnProjection {
  MapProjection about;
  std::vector<float> positions;  ///< [points x 2]
};

DrawnProjection draw_pca(Rows embeddings);
DrawnProjection draw_umap(Rows embeddings, const UmapOptions& options, const Progress& progress,
                          const std::stop_token& stop);

/// Fills in trustworthiness, neighbours_kept and knob_roughness.
void measure(DrawnProjection& drawn, Rows embeddings, Rows settings, const std::vector<SettingsSpace::Knob>& free,
             std::size_t threads);

/// Of those without labels, the one with the least knob roughness becomes the default.
void choose_default(std::vector<MapProjection>& projections);

}  // namespace soundalike::latent
