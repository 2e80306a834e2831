#pragma once

#include <memory>

#include "soundalike/style_distance.hpp"
#include "style/model.hpp"

namespace soundalike::style {

/// Euclidean distance after the model's projection: Mahalanobis with the content covariance, on the axes along which
/// effects differ. Stereo views add the stereo features, a quarter of the squared distance.
std::unique_ptr<StyleDistance> make_projected_distance(const StyleView& view, const Model& model);

}  // namespace soundalike::style
