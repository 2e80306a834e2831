#include "soundalike/preset.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "effect/effect_format.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

void check(const std::filesystem::path& path, const EffectListing& listing, std::span<const float> settings) {
  const auto refuse = [&](ErrorCode code, const std::string& problem) {
    throw Error(code, fmt::format("cannot write preset '{}': {}", path.string(), problem));
  };
  if (settings.size() != listing.parameters.size()) {
    refuse(ErrorCode::invalid_argument, fmt::format("'{}' has {} parameters, got {} settings", listing.info.name,
                                                    listing.parameters.size(), settings.size()));
  }
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (settings[i] >= 0.0f && settings[i] <= 1.0f) continue;
    refuse(ErrorCode::invalid_argument,
           fmt::format("setting '{}' is {}; it must lie from 0 to 1", listing.parameters[i].id, settings[i]));
  }
  const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (!std::filesystem::is_directory(parent)) {
    refuse(ErrorCode::not_found, fmt::format("no such folder '{}'; make it first", parent.string()));
  }
}

/// "x.lv2/" names the same folder as "x.lv2" but has no name to put a suffix to.
std::filesystem::path without_slash(const std::filesystem::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

std::string_view preset_suffix(const EffectListing& listing) { return format_of(listing.info.id).preset_suffix; }

std::vector<std::string_view> preset_suffixes() {
  std::vector<std::string_view> suffixes;
  for (const EffectFormat& format : effect_formats()) {
    if (std::ranges::find(suffixes, format.preset_suffix) == suffixes.end()) suffixes.push_back(format.preset_suffix);
  }
  return suffixes;
}

void write_preset(const std::filesystem::path& path, const EffectListing& listing, std::span<const float> settings,
                  SampleRate rate, const std::string& label) {
  const std::filesystem::path target = without_slash(path);
  check(target, listing, settings);
  format_of(listing.info.id).write_preset(target, listing, settings, rate, label);
}

bool remove_preset(const std::filesystem::path& path, const std::string& label) {
  const std::filesystem::path target = without_slash(path);
  return std::ranges::any_of(effect_formats(), [&](const EffectFormat& format) {
    return target.string().ends_with(format.preset_suffix) && format.remove_preset(target, label);
  });
}

Preset read_preset(const std::filesystem::path& path) {
  const std::filesystem::path file = without_slash(path);
  if (!std::filesystem::exists(file)) {
    throw Error(ErrorCode::not_found,
                fmt::format("cannot use preset '{}': there is nothing of this name", file.string()));
  }
  for (const EffectFormat& format : effect_formats()) {
    // A host's own preset bundles may have any name.
    const std::string suffix = std::filesystem::path("any" + std::string(format.preset_suffix)).extension().string();
    if (file.extension() != suffix) continue;
    if (format.read_preset) return format.read_preset(file);
    throw Error(ErrorCode::unsupported,
                fmt::format("cannot use preset '{}': presets of {} are not read", file.string(), format.name));
  }
  std::string known;
  for (const std::string_view suffix : preset_suffixes()) known += (known.empty() ? "" : ", ") + std::string(suffix);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot use preset '{}': its name ends in none of {}", file.string(), known));
}

std::vector<float> preset_settings(const Preset& preset, const EffectListing& listing, SampleRate rate) {
  if (preset.effect != listing.info.id) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use a preset of '{}' for '{}'", preset.effect, listing.info.id));
  }
  if (!preset.state.empty()) return format_of(listing.info.id).preset_settings(preset, listing, rate);
  for (const auto& [id, plain] : preset.plain) {
    if (std::ranges::find(listing.parameters, id, &Parameter::id) != listing.parameters.end()) continue;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use the preset: '{}' has no knob '{}' (soundalike effects show lists them)",
                            listing.info.name, id));
  }
  std::vector<float> settings;
  for (const Parameter& parameter : listing.parameters) {
    const Parameter p = parameter.at_rate(rate.hz);
    const auto found = preset.plain.find(p.id);
    settings.push_back(found == preset.plain.end() ? p.default_setting() : p.to_setting(found->second));
  }
  return settings;
}

}  // namespace soundalike
