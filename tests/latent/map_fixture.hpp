#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "fixtures/temp_folder.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/map_maker.hpp"

/// Maps of built-in effects, which need nothing installed.
namespace map_fixture {

namespace fs = std::filesystem;
using namespace soundalike;

inline const EffectListing& effect(const std::string& name) {
  static const EffectLibrary library(
      {.use_cache = false, .lv2_path = "", .vst3_path = "", .clap_path = "", .ladspa_path = ""});
  return library.find("builtin:" + name);
}

/// Plucked notes, half a second of them louder.
inline AudioBuffer tune(double seconds = 1.0, double hz = 24000.0, std::size_t channels = 1) {
  AudioBuffer audio(channels, static_cast<std::size_t>(seconds * hz), {hz});
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / hz;
    double sum = 0.0;
    for (int k = 1; k <= 6; ++k) sum += std::sin(2.0 * M_PI * 147.0 * k * t) / k;
    for (std::size_t c = 0; c < channels; ++c) {
      audio.channel(c)[i] = static_cast<float>((t < 0.5 ? 0.1 : 0.3) * sum * std::exp(-8.0 * std::fmod(t, 0.25)));
    }
  }
  return audio;
}

inline MapOptions small(std::size_t points = 60) {
  return {.points = points, .encoder = "style", .seconds = 0.3, .renderer = {.workers = 2}, .threads = 2};
}

inline LatentMap make(const fs::path& folder, const MapOptions& options, const std::string& name = "filter") {
  return make_map(folder, effect(name), tune(), "tune.wav", options);
}

/// The bytes of every file below a folder.
inline std::map<std::string, std::string> content(const fs::path& folder) {
  std::map<std::string, std::string> result;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    result[fs::relative(entry.path(), folder).string()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return result;
}

}  // namespace map_fixture
