#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/run_program.hpp"

/// What the end-to-end tests of match and render share: recordings, the test plugins, and what a folder holds.
namespace recordings {

namespace fs = std::filesystem;

/// Plucked notes over a noise floor. Another `seed` is another tune.
inline std::vector<float> tune(unsigned rate, double seconds, int seed, float gain = 0.3f) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * rate));
  unsigned noise = static_cast<unsigned>(seed) * 2654435761u + 1u;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t = static_cast<double>(i) / rate;
    const double pitch = 110.0 * std::pow(2.0, ((static_cast<int>(t / 0.25) * 5 + seed * 3) % 12) / 12.0);
    double sum = 0.0;
    for (int k = 1; k <= 8; ++k) sum += std::sin(2.0 * M_PI * pitch * k * t) / k;
    noise = noise * 1664525u + 1013904223u;
    samples[i] =
        gain * static_cast<float>(sum * std::exp(-8.0 * std::fmod(t, 0.25)) + (noise / 4294967296.0 - 0.5) * 0.02);
  }
  return samples;
}

/// The same twice, the right channel at half the level.
inline std::vector<float> stereo(const std::vector<float>& mono) {
  std::vector<float> both;
  for (const float x : mono) both.insert(both.end(), {x, 0.5f * x});
  return both;
}

/// 32-bit float WAV, for samples that 16 bits cannot hold.
inline void write_float_wav(const fs::path& path, const std::vector<float>& samples, unsigned rate) {
  std::ofstream file(path, std::ios::binary);
  const auto put = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.put(static_cast<char>(value >> (8 * i) & 0xFF));
  };
  const auto bytes = static_cast<std::uint32_t>(4 * samples.size());
  file << "RIFF";
  put(36 + bytes, 4);
  file << "WAVEfmt ";
  put(16, 4);
  put(3, 2);
  put(1, 2);
  put(rate, 4);
  put(rate * 4, 4);
  put(4, 2);
  put(32, 2);
  file << "data";
  put(bytes, 4);
  for (const float sample : samples) put(std::bit_cast<std::uint32_t>(sample), 4);
}

inline std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Every file and folder below `folder` with its content.
inline std::set<std::pair<std::string, std::string>> content(const fs::path& folder) {
  std::set<std::pair<std::string, std::string>> result;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    result.emplace(entry.path().string(), entry.is_regular_file() ? bytes_of(entry.path()) : "");
  }
  return result;
}

/// A folder with in.wav and ref.wav (1.2 s, mono, 24 kHz, other content), and the program with nothing but the
/// project's own test plugins, or with those that are installed too.
class Studio {
 public:
  enum class Plugins { test, all };
  explicit Studio(Plugins plugins = Plugins::test) {
    fs::create_directory(path("cache"));
    program::write_wav(path("in.wav"), tune(24000, 1.2, 1), 24000);
    program::write_wav(path("ref.wav"), tune(24000, 1.2, 2), 24000);
    for (const std::string format : {"lv2", "ladspa", "vst3", "clap"}) {
      std::string& path = paths_[format];
      path = test_plugins() + (format == "lv2" ? "" : "/" + format);
      if (plugins != Plugins::all) continue;
      for (const std::string folder : {"/usr/lib/", "/usr/local/lib/", "/usr/lib64/"}) path += ":" + folder + format;
    }
  }
  fs::path path(const std::string& name) const { return folder_ / name; }
  program::Run operator()(std::vector<std::string> arguments, program::RunOptions options = {}) const {
    options.folder = folder_.path();
    options.environment.try_emplace("LV2_PATH", paths_.at("lv2"));
    options.environment.try_emplace("LADSPA_PATH", paths_.at("ladspa"));
    options.environment.try_emplace("VST3_PATH", paths_.at("vst3"));
    options.environment.try_emplace("CLAP_PATH", paths_.at("clap"));
    options.environment.try_emplace("XDG_CONFIG_HOME", path("cache").string());
    options.environment.try_emplace("SOUNDALIKE_PROFILES", "");
    return program::soundalike(std::move(arguments), options);
  }
  /// "match in.wav ref.wav -e <effect> --no-progress -b 24 -j 2" and more.
  program::Run match(const std::string& effect, const std::vector<std::string>& more = {},
                     const program::RunOptions& options = {}) const {
    std::vector<std::string> words{"match", "in.wav", "ref.wav", "-e", effect, "--no-progress"};
    if (std::ranges::find(more, "-b") == more.end()) words.insert(words.end(), {"-b", "24"});
    if (std::ranges::find(more, "-j") == more.end()) words.insert(words.end(), {"-j", "2"});
    words.insert(words.end(), more.begin(), more.end());
    return (*this)(words, options);
  }
  bool has(const std::string& effect) const { return (*this)({"effects", "show", effect}).status == 0; }

 private:
  static std::string test_plugins() {
    const char* build = std::getenv("SOUNDALIKE_BUILD");
    return std::string(build == nullptr ? "" : build) + "/tests/plugins";
  }
  program::TempFolder folder_;
  std::map<std::string, std::string> paths_;  // by format
};

inline std::string test_effect(const std::string& name) { return "urn:soundalike:test:" + name; }

}  // namespace recordings
