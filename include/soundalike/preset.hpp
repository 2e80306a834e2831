#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike {

/// Presets, each in the kind that hosts of the effect's format load: an LV2 preset bundle, and so on.
///
///   write_preset("vocal" + std::string(preset_suffix(listing)), listing, settings, {48000}, "vocal");

/// What the name of a preset of this effect ends in: ".preset.lv2", ...
std::string_view preset_suffix(const EffectListing& listing);
/// Those of all formats, each once.
std::vector<std::string_view> preset_suffixes();

/// Writes a preset that gives every parameter the value it has in a render at `rate`, exactly. It is written aside and
/// renamed: a failure leaves what was there. What exists is replaced only if this function wrote it.
/// @param path its name ends in preset_suffix(); the folder that holds it must exist.
/// @param settings one in [0, 1] per parameter of the listing.
/// @param label what hosts show; invalid UTF-8 is replaced.
/// @throws Error invalid_argument for a wrong count or range of settings, or a file or folder of someone else;
///         not_found when the holding folder does not exist; io when writing fails.
void write_preset(const std::filesystem::path& path, const EffectListing& listing, std::span<const float> settings,
                  SampleRate rate, const std::string& label);

/// Removes a preset that write_preset wrote with this label; leaves anything else alone.
/// @return whether there was one. @throws Error io when removing fails.
bool remove_preset(const std::filesystem::path& path, const std::string& label);

}  // namespace soundalike
