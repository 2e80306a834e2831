#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike {

/// What listings depend on: the code that scans, the language it asks for, the folders and what lies in them. Take it
/// before scanning, so that a change during the scan is noticed the next time.
std::uint64_t listing_key(const std::string& lv2_path);

/// The listings of a cache file, or nothing when it is missing, damaged, or was written for another key.
std::optional<std::vector<EffectListing>> read_listings(const std::filesystem::path& file, std::uint64_t key);

/// Best effort: written aside and renamed; nothing happens where that is impossible. Readers see the old or the new.
void write_listings(const std::filesystem::path& file, std::uint64_t key, const std::vector<EffectListing>& listings);

}  // namespace soundalike
