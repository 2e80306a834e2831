#include "latent/map_projection.hpp"

#include <algorithm>

#include "latent/roughness.hpp"
#include "soundalike/pca.hpp"
#include "soundalike/projection_quality.hpp"

namespace soundalike::latent {
namespace {

/// 500 for few points down to 200 from 2000 on: 500 keep a neighbour in fifty more there, for half the time of the
/// renders.
std::size_t map_epochs(std::size_t points) { return std::clamp<std::size_t>(400000 / points, 200, 500); }

}  // namespace

DrawnProjection draw_pca(Rows embeddings) {
  // Directions in which nothing varies are as good as any: a map in fewer than two dimensions is a line.
  Pca pca = fit_pca(embeddings, std::min<std::size_t>(2, embeddings.width));
  pca.axes.resize(2 * embeddings.width);
  pca.variance.resize(2);
  DrawnProjection drawn{{.name = "pca", .method = "pca"}, pca.project(embeddings)};
  drawn.about.mean = std::move(pca.mean);
  drawn.about.axes = std::move(pca.axes);
  return drawn;
}

DrawnProjection draw_umap(Rows embeddings, const UmapOptions& options, const Progress& progress,
                          const std::stop_token& stop) {
  UmapOptions shorter = options;
  if (shorter.epochs == 0) shorter.epochs = map_epochs(std::max<std::size_t>(1, embeddings.count()));
  return {{.name = "umap", .method = "umap"}, umap(embeddings, shorter, progress, stop)};
}

void measure(DrawnProjection& drawn, Rows embeddings, Rows settings, const std::vector<SettingsSpace::Knob>& free,
             std::size_t threads) {
  const Rows picture{drawn.positions, 2};
  const std::size_t k = std::min<std::size_t>(QualityOptions{}.k, (embeddings.count() - 1) / 2);
  const ProjectionQuality quality = projection_quality(embeddings, picture, {.k = k, .threads = threads});
  drawn.about.trustworthiness = quality.trustworthiness;
  drawn.about.neighbours_kept = quality.neighbours_kept;
  drawn.about.knob_roughness = knob_roughness(settings, free, picture, threads);
}

void choose_default(std::vector<MapProjection>& projections) {
  MapProjection* smoothest = nullptr;
  for (MapProjection& projection : projections) {
    projection.is_default = false;
    const bool labelled = projection.name != projection.method;
    if (!labelled && (smoothest == nullptr || projection.knob_roughness < smoothest->knob_roughness)) {
      smoothest = &projection;
    }
  }
  if (smoothest == nullptr && !projections.empty()) smoothest = projections.data();
  if (smoothest != nullptr) smoothest->is_default = true;
}

}  // namespace soundalike::latent
