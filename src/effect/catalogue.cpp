#include <fmt/format.h>

#include <array>

#include "effect/builtin.hpp"
#include "effect/clap.hpp"
#include "effect/effect_format.hpp"
#include "effect/json_preset.hpp"
#include "effect/ladspa.hpp"
#include "effect/lv2.hpp"
#include "effect/lv2_preset.hpp"
#include "effect/quirks.hpp"
#include "effect/search_path.hpp"
#include "effect/vst3.hpp"
#include "effect/vst3_preset.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

/// Every plugin format. A new one is a file and a row.
constexpr std::array formats{
    EffectFormat{
        .scheme = "lv2:",
        .name = "LV2",
        .path_variable = "LV2_PATH",
        .standard_path = "~/.lv2:/usr/local/lib/lv2:/usr/lib/lv2:/usr/lib/" SOUNDALIKE_MULTIARCH "/lv2",
        .path = &EffectLibrary::Options::lv2_path,
        .scan = &scan_lv2,
        .fingerprint = &lv2_fingerprint,
        .open = &open_lv2,
        .preset_suffix = ".preset.lv2",
        .write_preset = &write_lv2_preset,
        .remove_preset = &remove_lv2_preset,
        .read_preset = &read_lv2_preset,
    },
    EffectFormat{
        .scheme = "vst3:",
        .name = "VST3",
        .path_variable = "VST3_PATH",
        .standard_path = "~/.vst3:/usr/local/lib/vst3:/usr/lib/vst3:/usr/lib/" SOUNDALIKE_MULTIARCH "/vst3",
        .path = &EffectLibrary::Options::vst3_path,
        .files = &find_vst3,
        .described_by = &vst3_described_by,
        .scan_file = &scan_vst3,
        .open = &open_vst3,
        .preset_suffix = ".vstpreset",
        .write_preset = &write_vst3_preset,
        .remove_preset = &remove_vst3_preset,
        .read_preset = &read_vst3_preset,
        .preset_settings = &vst3_preset_settings,
    },
    EffectFormat{
        .scheme = "clap:",
        .name = "CLAP",
        .path_variable = "CLAP_PATH",
        .standard_path = "~/.clap:/usr/local/lib/clap:/usr/lib/clap:/usr/lib/" SOUNDALIKE_MULTIARCH "/clap",
        .path = &EffectLibrary::Options::clap_path,
        .files = &clap_files,
        .scan_file = &scan_clap,
        .open = &open_clap,
        .preset_suffix = ".preset.json",
        .write_preset = &write_json_preset,
        .remove_preset = &remove_json_preset,
        .read_preset = &read_json_preset,
    },
    EffectFormat{
        .scheme = "ladspa:",
        .name = "LADSPA",
        .path_variable = "LADSPA_PATH",
        .standard_path = "~/.ladspa:/usr/local/lib/ladspa:/usr/lib/ladspa:/usr/lib/" SOUNDALIKE_MULTIARCH "/ladspa",
        .path = &EffectLibrary::Options::ladspa_path,
        .fingerprint = &ladspa_fingerprint,
        .files = &ladspa_files,
        .scan_file = &scan_ladspa,
        .open = &open_ladspa,
        .preset_suffix = ".preset.json",
        .write_preset = &write_json_preset,
        .remove_preset = &remove_json_preset,
        .read_preset = &read_json_preset,
    },
    EffectFormat{
        .scheme = "builtin:",
        .name = "built-in",
        .scan = &list_builtin,
        .open = &open_builtin,
        .preset_suffix = ".preset.json",
        .write_preset = &write_json_preset,
        .remove_preset = &remove_json_preset,
        .read_preset = &read_json_preset,
    },
};

}  // namespace

std::span<const EffectFormat> effect_formats() { return formats; }

const EffectFormat* find_format(std::string_view id) {
  for (const EffectFormat& format : formats) {
    if (id.starts_with(format.scheme)) return &format;
  }
  return nullptr;
}

const EffectFormat& format_of(std::string_view id) {
  if (const EffectFormat* format = find_format(id)) return *format;
  std::string schemes;
  for (const EffectFormat& format : formats) schemes += (schemes.empty() ? "" : ", ") + std::string(format.scheme);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot open '{}': its id starts with no known plugin format ({})", id, schemes));
}

std::unique_ptr<Effect> open_effect(const EffectListing& listing, const RenderSetup& setup) {
  return format_of(listing.info.id).open(listing, setup);
}

bool needs_isolation(const EffectListing& listing) {
  constexpr std::string_view lv2 = "lv2:";
  const std::string_view id = listing.info.id;
  return quirk_of(id.starts_with(lv2) ? id.substr(lv2.size()) : id).isolate;
}

}  // namespace soundalike
