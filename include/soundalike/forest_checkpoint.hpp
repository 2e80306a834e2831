#pragma once

#include <string_view>

#include "soundalike/checkpoint.hpp"
#include "soundalike/forest.hpp"

namespace soundalike {

/// Kind "forest"; the tensors are described in docs/formats.md. Not set: name, effects, needs.
Checkpoint forest_checkpoint(const Forest& forest);
/// @param origin stands for the file name in errors. @throws Error invalid_argument for another kind, or tensors that
///        make no trees.
Forest forest_of(const Checkpoint& checkpoint, std::string_view origin);

}  // namespace soundalike
