#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike {

/// Presets, each in the kind that hosts of the effect's format load: an LV2 preset bundle, JSON where a format has none
/// of its own.
///
///   write_preset("vocal" + std::string(preset_suffix(listing)), listing, settings, {48000}, "vocal");

/// What the name of a preset of this effect ends in: ".preset.lv2", ".preset.json", ...
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

/// What a preset says.
struct Preset {
  std::string effect;                  ///< its id
  std::map<std::string, float> plain;  ///< by parameter id, in the plugin's own numbers; not all need be there
  std::string state{};                 ///< instead of them what only the plugin understands: a VST3 preset, whole
};
/// Reads a preset that write_preset or another host wrote; the suffix tells of what kind it is.
/// @throws Error not_found, io, unsupported for a kind that is not read here, invalid_argument naming the file and what
///         is wrong with it.
Preset read_preset(const std::filesystem::path& path);

/// The settings a preset stands for, one per parameter of the listing; those it does not name are at their defaults.
/// @throws Error invalid_argument when it is for another effect or names a knob that this one does not have.
std::vector<float> preset_settings(const Preset& preset, const EffectListing& listing, SampleRate rate);

}  // namespace soundalike
