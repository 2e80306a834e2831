#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace soundalike::vst3 {

/// Everything called *.vst3 in the folders of a path and below them, in that order: of a bundle the code for this
/// machine or, where it has none, its folder; else the file itself. Folders that cannot be read are passed over.
std::vector<std::filesystem::path> find_modules(const std::string& path);

/// What a file that find_modules() named belongs to: the bundle's folder, or the file itself.
std::filesystem::path bundle_of(const std::filesystem::path& module);

/// The code of a bundle for this machine, or of a module that is a single file.
/// @throws Error unsupported when it has none, with what it has instead.
std::filesystem::path code_of(const std::filesystem::path& bundle);

}  // namespace soundalike::vst3
