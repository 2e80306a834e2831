#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace soundalike {

/// Loads a LADSPA library. @return its LADSPA_Descriptors. @throws Error plugin_failed as load_library(), and when it
/// is no LADSPA library.
std::vector<const void*> load_ladspa_library(const std::filesystem::path& file);

}  // namespace soundalike
