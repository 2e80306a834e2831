#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/batch_renderer.hpp"
#include "soundalike/latent_map.hpp"

namespace soundalike {

/// One knob moved over its range, the others at the map's base settings: parameter interpolation.
struct KnobSweep {
  std::string knob;                            ///< its id
  std::vector<float> settings;                 ///< [steps] of the knob
  std::vector<std::string> texts;              ///< the same as people read it
  std::vector<float> positions;                ///< [steps x 2] in the projection
  std::vector<std::vector<float>> embeddings;  ///< [steps]
};

/// @param knob a free knob of the map, by id or name. @param steps at least 2; a choice or toggle takes each value
/// once.
/// @throws Error not_found for the knob or projection; as LatentMap::is_of(); plugin_failed when a render fails.
KnobSweep sweep_knob(const LatentMap& map, const EffectListing& effect, std::string_view knob,
                     const std::string& projection, std::size_t steps, const RendererOptions& renderer = {});

}  // namespace soundalike
