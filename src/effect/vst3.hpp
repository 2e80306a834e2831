#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike {

/// All modules on a path, as files to be loaded one by one.
std::vector<std::filesystem::path> find_vst3(const std::string& path);

/// Where the bundle of a module may keep its moduleinfo.json.
std::vector<std::filesystem::path> vst3_described_by(const std::filesystem::path& file);
/// Loads a module and lists what it holds, usable or not, `unusable` says why not. A bundle's moduleinfo.json is
/// believed in one thing: where it promises instruments only, no code is loaded. What else it promises and the code
/// does not hold is listed as unusable.
/// @throws Error saying why it holds nothing.
std::vector<EffectListing> scan_vst3(const std::filesystem::path& file);

/// Loads one plugin. Its main buses are arranged for the setup's channels; where the plugin has others and keeps them,
/// they meet the channels as those of LV2 plugins do, see open_lv2(). Side chains are fed silence, further outputs are
/// dropped, no notes come in.
/// @throws Error unsupported for a plugin that cannot be an effect here, not_found when the module lacks it,
///         plugin_failed when its code cannot be loaded, invalid_argument for an impossible setup.
std::unique_ptr<Effect> open_vst3(const EffectListing& listing, const RenderSetup& setup);

}  // namespace soundalike
