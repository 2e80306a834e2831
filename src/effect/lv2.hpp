#pragma once

#include <cstdint>
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

/// Changes with the folders of a path, the bundles in them and their Turtle files.
std::uint64_t lv2_fingerprint(const std::string& path);

/// Loads one plugin, reading its own bundle and nothing else.
///
/// ArrangedRun tells how the plugin's main audio ports meet the setup's channels; side chains are fed silence, further
/// outputs are dropped.
///
/// @throws Error unsupported for a plugin that cannot be an effect here, not_found when the bundle lacks it,
///         plugin_failed when its code cannot be loaded, invalid_argument for an impossible setup.
std::unique_ptr<Effect> open_lv2(const EffectListing& listing, const RenderSetup& setup);

}  // namespace soundalike
