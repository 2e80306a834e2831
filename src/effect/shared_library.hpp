#pragma once

#include <filesystem>
#include <string>

namespace soundalike {

/// Loads a plugin's shared library. It stays loaded until the process ends: some leave threads or thread-local
/// destructors behind, and reloading costs ten times what an instance does.
/// @param name of the plugin, for the error. @return the handle for dlsym().
/// @throws Error plugin_failed with the loader's words.
void* load_library(const std::filesystem::path& file, const std::string& name);

}  // namespace soundalike
