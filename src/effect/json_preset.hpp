#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "soundalike/preset.hpp"

namespace soundalike {

/// Presets for formats that have none of their own: a JSON file, described in docs/formats.md. As write_preset(),
/// remove_preset() and read_preset().
void write_json_preset(const std::filesystem::path& file, const EffectListing& listing, std::span<const float> settings,
                       SampleRate rate, const std::string& label);
bool remove_json_preset(const std::filesystem::path& file, const std::string& label);
Preset read_json_preset(const std::filesystem::path& file);

}  // namespace soundalike
