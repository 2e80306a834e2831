#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "effect/vst3_module.hpp"

namespace soundalike::vst3 {

/// Where a bundle may keep its moduleinfo.json; the first that exists counts.
std::vector<std::filesystem::path> manifests_of(const std::filesystem::path& bundle);
/// The audio classes that a bundle's moduleinfo.json promises, without loading any code; nothing when it has none or it
/// cannot be read: what the code says counts, the file only says what to expect.
std::optional<std::vector<ClassInfo>> read_manifest(const std::filesystem::path& bundle);
/// The same from memory: JSON with what JSON5 adds as far as module infos use it, comments and trailing commas.
std::optional<std::vector<ClassInfo>> parse_manifest(std::string_view text);

/// Whether a class of this category makes sound from notes only.
bool is_instrument(std::string_view category);

}  // namespace soundalike::vst3
