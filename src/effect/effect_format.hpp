#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/effect_library.hpp"
#include "soundalike/preset.hpp"

namespace soundalike {

/// What a plugin format is to the rest of the program; catalogue.cpp holds one row of these for each.
///
///   const EffectFormat& format = format_of("lv2:http://drobilla.net/plugins/mda/Overdrive");
///   auto effect = format.open(listing, setup);
///
/// Effects are listed in one of two ways. Where files describe them, `scan` reads all in this process. Where a
/// plugin's code must be loaded to know it, `files` finds what to load and `scan_file` loads one: it runs in a process
/// of its own (scan_process.hpp), one that may crash, and its verdict is kept for as long as the file, and what
/// describes it, stay the same.
struct EffectFormat {
  std::string_view scheme;  ///< ids start with it: "lv2:"
  std::string_view name;    ///< for people: "LV2"
  /// The environment variable that names the folders, and those searched without it; colon-separated. Empty: none.
  std::string_view path_variable = {};
  std::string_view standard_path = {};
  std::optional<std::string> EffectLibrary::Options::*path = nullptr;  ///< the option that goes before both; null: none

  /// All effects of a path as resolve_search_path() gives it, usable or not, ordered by id. Null: see `files`.
  std::vector<EffectListing> (*scan)(const std::string& path) = nullptr;
  /// A number that changes when what `scan` would read changes, or `scan_file` beside the files and their
  /// `described_by`; null where that is never.
  std::uint64_t (*fingerprint)(const std::string& path) = nullptr;

  /// What `scan_file` may be given, in the order of the path: the first of two effects with one id counts.
  std::vector<std::filesystem::path> (*files)(const std::string& path) = nullptr;
  /// Where the bundle of such a file describes it, whether the description exists or not; null: nowhere.
  std::vector<std::filesystem::path> (*described_by)(const std::filesystem::path& file) = nullptr;
  /// Loads a file and lists what it holds. @throws Error saying why it holds nothing.
  std::vector<EffectListing> (*scan_file)(const std::filesystem::path& file) = nullptr;

  /// Loads one effect; as open_effect().
  std::unique_ptr<Effect> (*open)(const EffectListing& listing, const RenderSetup& setup);

  /// Presets as hosts of the format load them. What these are given has been checked: see write_preset().
  std::string_view preset_suffix;
  void (*write_preset)(const std::filesystem::path& path, const EffectListing& listing, std::span<const float> settings,
                       SampleRate rate, const std::string& label);
  bool (*remove_preset)(const std::filesystem::path& path, const std::string& label);
  /// As read_preset(). Null: presets of this format are not read.
  Preset (*read_preset)(const std::filesystem::path& path);
  /// The settings of a preset that holds a state; as preset_settings(). Null where presets name their values.
  std::vector<float> (*preset_settings)(const Preset& preset, const EffectListing& listing, SampleRate rate) = nullptr;
};

/// Every plugin format, the one preferred where a name fits effects of several first.
std::span<const EffectFormat> effect_formats();

/// The format of an id ("lv2:...") or scheme ("lv2:"); null when there is none.
const EffectFormat* find_format(std::string_view id);
/// @throws Error invalid_argument naming the known ones.
const EffectFormat& format_of(std::string_view id);

}  // namespace soundalike
