#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "soundalike/preset.hpp"

namespace soundalike {

/// Writes an LV2 preset bundle (manifest.ttl + preset.ttl) that lilv and LV2 hosts load when the folder lies in their
/// LV2 path, e.g. ~/.lv2. Every parameter is named with the value the plugin is given in a render at `rate`, exactly;
/// hosts put it on the port as it stands, so knobs that scale with the sample rate fit that rate only.
///
/// The folder is written aside and renamed: a failure leaves what was there. An existing one is replaced only if it is
/// empty or a preset bundle that this function wrote.
/// @param bundle the folder, customarily "<name>.preset.lv2"; the one that holds it must exist.
/// @throws Error as write_preset().
void write_lv2_preset(const std::filesystem::path& bundle, const EffectListing& listing,
                      std::span<const float> settings, SampleRate rate, const std::string& label);

/// Removes a preset bundle that write_lv2_preset wrote with this label; leaves anything else alone.
/// @return whether there was one. @throws Error io when removing fails.
bool remove_lv2_preset(const std::filesystem::path& bundle, const std::string& label);

/// Reads the values of a bundle with one preset, whoever wrote it; as read_preset().
Preset read_lv2_preset(const std::filesystem::path& bundle);

}  // namespace soundalike
