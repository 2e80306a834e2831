#pragma once

#include <utility>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/map_outline.hpp"
#include "soundalike/rows.hpp"

namespace soundalike::latent {

/// For an effect with a controller that listens through the map's encoder: "p_hat_<id>" for each knob that it predicts
/// from dry and wet, and "prediction_error", the mean difference to the true settings (of categories: 1 if they
/// differ). Else nothing.
std::vector<std::pair<MapColumn, std::vector<float>>> prediction_columns(const MapOutline& outline, AudioView clip,
                                                                         Rows embeddings, Rows settings);

}  // namespace soundalike::latent
