#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "soundalike/preset.hpp"

namespace soundalike {

/// Writes a .vstpreset, which hosts load for the plugin of its class. The plugin itself makes its contents, in a worker
/// process. An existing file is replaced only if this function wrote it.
/// @throws Error as write_preset(), and plugin_failed.
void write_vst3_preset(const std::filesystem::path& file, const EffectListing& listing, std::span<const float> settings,
                       SampleRate rate, const std::string& label);

/// As remove_preset().
bool remove_vst3_preset(const std::filesystem::path& file, const std::string& label);

/// As read_preset(): its state, which only the plugin understands.
Preset read_vst3_preset(const std::filesystem::path& file);

/// The settings that the plugin makes of a preset's state. @throws Error plugin_failed.
std::vector<float> vst3_preset_settings(const Preset& preset, const EffectListing& listing, SampleRate rate);

}  // namespace soundalike
