#pragma once

#include <filesystem>
#include <memory>

#include "soundalike/style_distance.hpp"

namespace soundalike::lab {

/// The distance between embeddings of a stored encoder, in the encoder's own unit: to be ranked beside the others.
/// @throws what reading the checkpoint throws; Error invalid_argument for one that is no encoder of one recording.
std::unique_ptr<StyleDistance> make_encoder_distance(const std::filesystem::path& checkpoint);

}  // namespace soundalike::lab
