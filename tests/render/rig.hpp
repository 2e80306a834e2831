#pragma once

#include <sys/types.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

/// What the tests of this folder share: audio, settings, and effects to render with.
namespace rig {

using namespace soundalike;

inline const RenderSetup mono{SampleRate{24000}, 1};

/// Noise with pauses: reaches gates and tails.
inline AudioBuffer noise(std::size_t frames, std::uint64_t seed = 1, const RenderSetup& setup = mono) {
  Rng rng(seed);
  AudioBuffer audio(setup.channels, frames, setup.sample_rate);
  for (std::size_t c = 0; c < setup.channels; ++c) {
    for (std::size_t i = 0; i < frames; ++i) {
      audio.channel(c)[i] = i / 1500 % 3 == 2 ? 0.0f : static_cast<float>(rng.uniform() - 0.5);
    }
  }
  return audio;
}

inline std::optional<EffectListing> find_in(const std::vector<EffectListing>& listings, std::string_view name) {
  for (const EffectListing& listing : listings) {
    if (listing.info.name == name) return listing;
  }
  return {};
}

/// An installed effect by its full name, or nothing where it is not installed.
inline std::optional<EffectListing> find(std::string_view name) {
  static const EffectLibrary library(EffectLibrary::Options{.use_cache = false});
  return find_in(library.listings(), name);
}

/// The project's own test plugins, built into tests/plugins.
inline EffectListing test_plugin(std::string_view name) {
  static const EffectLibrary library(
      EffectLibrary::Options{.use_cache = false,
                             .lv2_path = std::string(std::getenv("SOUNDALIKE_BUILD")) + "/tests/plugins",
                             .vst3_path = std::string(std::getenv("SOUNDALIKE_BUILD")) + "/tests/plugins/vst3",
                             .clap_path = "",
                             .ladspa_path = std::string(std::getenv("SOUNDALIKE_BUILD")) + "/tests/plugins/ladspa"});
  return find_in(library.listings(), name).value();
}

/// All knobs of `renderer` at their defaults.
inline std::vector<float> defaults(const BatchRenderer& renderer) {
  std::vector<float> settings;
  for (const Parameter& parameter : renderer.parameters()) settings.push_back(parameter.default_setting());
  return settings;
}

/// Children of all threads of a process.
inline std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  std::error_code gone;
  const auto tasks = std::filesystem::path("/proc") / std::to_string(parent) / "task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
    std::ifstream list(task.path() / "children");
    for (pid_t child = 0; list >> child;) children.push_back(child);
  }
  return children;
}

inline std::string name_of(pid_t process) {
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(process) + "/comm"), name);
  return name;
}

inline std::vector<pid_t> workers_of(pid_t parent) {
  std::vector<pid_t> workers;
  for (const pid_t child : children_of(parent)) {
    if (name_of(child) == "soundalike-work") workers.push_back(child);  // the kernel keeps 15 characters
  }
  return workers;
}

}  // namespace rig
