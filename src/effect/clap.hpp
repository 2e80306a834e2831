#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike {

/// The .clap files of a colon-separated path and of the folders below, in its order; of two with one name the first.
std::vector<std::filesystem::path> clap_files(const std::string& path);

/// All plugins of one file, which is loaded for it. Ids are "clap:" and the plugin's own.
/// @throws Error plugin_failed when it cannot be loaded or is no CLAP plugin, unsupported when it holds none.
std::vector<EffectListing> scan_clap(const std::filesystem::path& file);

/// Loads one plugin. ArrangedRun tells how its main ports meet the setup's channels; other inputs are fed silence.
/// @throws Error unsupported for a plugin that cannot be an effect here, not_found when the file lacks it,
///         plugin_failed when it cannot be loaded, invalid_argument for an impossible setup.
std::unique_ptr<Effect> open_clap(const EffectListing& listing, const RenderSetup& setup);

}  // namespace soundalike
