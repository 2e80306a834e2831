#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "soundalike/map_outline.hpp"
#include "soundalike/rows.hpp"

namespace soundalike::latent {

/// Points in [0, 1)^dimensions, [count x dimensions]: the first so many of a sequence that does not depend on the
/// count. Beyond 64 dimensions Sobol' points are uniform ones. @param method not adaptive.
std::vector<double> even_points(Sampling method, std::size_t count, std::size_t dimensions, std::uint64_t seed);

/// How many of `asked` adaptive points are laid out evenly before the others are drawn, and how many of these at a
/// time.
std::size_t even_share(std::size_t asked);
std::size_t round_size(std::size_t asked);

/// The next points where the sound changes fast: each lies between two of the given ones that are near each other in
/// the box, drawn with a chance that grows with how far their embeddings are apart.
/// @param points [n x dimensions] and their embeddings [n x size]; those of failed renders are left out by the caller.
std::vector<double> denser_points(Rows points, Rows embeddings, std::size_t count, std::uint64_t seed,
                                  std::size_t round, std::size_t threads);

}  // namespace soundalike::latent
