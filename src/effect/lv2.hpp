#pragma once

#include <memory>
#include <string>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike {

/// All LV2 plugins of a path, ordered by id, usable or not: `unusable` and `missing_features` say why not. Reads the
/// Turtle files only; no plugin code is loaded.
///
/// @param path folders of bundles, colon-separated.
std::vector<EffectListing> scan_lv2(const std::string& path);

/// Loads one plugin, reading its own bundle and nothing else.
///
/// How the plugin's main audio ports (at most two each way; side chains are fed silence, further outputs are dropped)
/// meet the setup's channels:
///
///   plugin in -> out   mono audio                                stereo audio
///   1 -> 1             as it is                                  two instances, left and right
///   1 -> 2             the mean of both outputs                  fed the mean of left and right
///   2 -> 1             the input on both                         the output on left and right
///   2 -> 2             the input on both, the mean of both out   as it is
///
/// @throws Error unsupported for a plugin that cannot be an effect here, not_found when the bundle lacks it,
///         plugin_failed when its code cannot be loaded, invalid_argument for an impossible setup.
std::unique_ptr<Effect> open_lv2(const EffectListing& listing, const RenderSetup& setup);

}  // namespace soundalike
