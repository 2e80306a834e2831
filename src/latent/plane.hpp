#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/latent_map.hpp"

namespace soundalike::latent {

/// The weights of the k nearest points, which sum to 1 and change smoothly on the way from one to the next: with
/// distances d and R that of the next one, ((R - d) / (R d))^2 (Franke and Little's modification of Shepard's weights,
/// 1980), so a neighbour that is about to be replaced weighs nothing. On a point, it alone.
/// @param distances of all points, squared.
std::vector<PointWeight> smooth_weights(std::span<const double> squared_distances, std::size_t k);

/// Squared distances from (x, y) to positions [points x 2].
std::vector<double> squared_distances(std::span<const float> positions, double x, double y);

}  // namespace soundalike::latent
