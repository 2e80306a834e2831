#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "soundalike/effect_library.hpp"

namespace soundalike {

/// Writes an LV2 preset bundle (manifest.ttl + one preset) that lilv and LV2 hosts load when the folder lies in their
/// LV2 path, e.g. ~/.lv2. The folder is written aside and renamed; an existing one is replaced only if it is a preset
/// bundle of soundalike.
/// @param bundle the folder, customarily "<name>.preset.lv2".
/// @param settings one per parameter of the listing.
void write_lv2_preset(const std::filesystem::path& bundle, const EffectListing& listing,
                      std::span<const float> settings, const std::string& label);

}  // namespace soundalike
