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

}  // namespace soundalike
