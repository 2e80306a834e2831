#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike {

/// The shared libraries of a colon-separated path, in its order; of two with one name only the first.
std::vector<std::filesystem::path> ladspa_files(const std::string& path);

/// Changes with the RDF files that name classes and choices of plugins, wherever the libraries lie.
std::uint64_t ladspa_fingerprint(const std::string& path);
/// All plugins of one library, which is loaded for it: LADSPA has no other description. Ids are
/// "ladspa:<file>#<label>", the file without folder and ".so".
/// @throws Error plugin_failed when it cannot be loaded or holds no LADSPA plugin.
std::vector<EffectListing> scan_ladspa(const std::filesystem::path& file);

/// Loads one plugin. ArrangedRun tells how its first two audio ports each way meet the setup's channels; further
/// inputs, and those called side chains, are fed silence, further outputs dropped.
/// @throws Error unsupported for a plugin that cannot be an effect here, not_found when the library lacks it,
///         plugin_failed when it cannot be loaded, invalid_argument for an impossible setup.
std::unique_ptr<Effect> open_ladspa(const EffectListing& listing, const RenderSetup& setup);

}  // namespace soundalike
