#include "effect/vst3_preset.hpp"

#include <fmt/format.h>

#include <exception>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "effect/vst3_preset_file.hpp"
#include "effect/vst3_state.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view scheme = "vst3:";

std::string read_bytes(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Nothing for what is no preset that this program wrote.
std::optional<vst3::PresetFile> read_ours(const fs::path& file) {
  if (!fs::is_regular_file(fs::symlink_status(file))) return std::nullopt;
  try {
    vst3::PresetFile preset = vst3::decode(read_bytes(file));
    if (preset.ours) return preset;
  } catch (const std::exception&) {
    // Someone else's file.
  }
  return std::nullopt;
}

}  // namespace

void write_vst3_preset(const fs::path& file, const EffectListing& listing, std::span<const float> settings,
                       SampleRate rate, const std::string& label) {
  if (fs::exists(fs::symlink_status(file)) && !read_ours(file)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot write preset '{}': there is something else of this name; name another file or "
                            "remove it",
                            file.string()));
  }
  vst3::PresetFile preset;
  preset.class_id = listing.info.id.substr(scheme.size());
  preset.label = label;
  preset.plugin = listing.info.name;
  try {
    vst3::State state = vst3::save_state(listing, settings, rate);
    preset.component_state = std::move(state.component);
    preset.controller_state = std::move(state.controller);
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("cannot write preset '{}': {}", file.string(), error.what()));
  }
  write_file(file, vst3::encode(preset));
}

bool remove_vst3_preset(const fs::path& file, const std::string& label) {
  const auto preset = read_ours(file);
  if (!preset || preset->label != label) return false;
  std::error_code error;
  fs::remove(file, error);
  if (!error) return true;
  throw Error(ErrorCode::io, fmt::format("cannot remove preset '{}': {}", file.string(), error.message()));
}

Preset read_vst3_preset(const fs::path& file) {
  std::string bytes = read_bytes(file);
  try {
    const std::string id = std::string(scheme) + vst3::decode(bytes).class_id;
    return {.effect = id, .state = std::move(bytes)};
  } catch (const std::runtime_error& problem) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot use preset '{}': {}", file.string(), problem.what()));
  }
}

std::vector<float> vst3_preset_settings(const Preset& preset, const EffectListing& listing, SampleRate rate) {
  vst3::PresetFile file = vst3::decode(preset.state);
  return vst3::settings_of(listing, {std::move(file.component_state), std::move(file.controller_state)}, rate);
}

}  // namespace soundalike
