#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace soundalike {

/// The bytes of a cache file, or nothing when it is missing, damaged, or was written for another key.
std::optional<std::string> read_cache(const std::filesystem::path& file, std::uint64_t key);

/// Best effort: written aside and renamed; nothing happens where that is impossible. Readers see the old or the new.
void write_cache(const std::filesystem::path& file, std::uint64_t key, std::string_view bytes);

}  // namespace soundalike
