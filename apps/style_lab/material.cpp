#include "material.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/resample.hpp"

namespace soundalike::lab {
namespace {

constexpr double input_lufs = -18.0;  // what the matcher feeds effects with
constexpr double shortest_half = 1.2;
constexpr double longest_half = 5.5;

}  // namespace

std::vector<std::filesystem::path> recordings(const Options& options, Split split) {
  std::vector<std::filesystem::path> out;
  for (const auto& folder : options.corpora) {
    for (auto& file : Corpus(folder).files(split)) out.push_back(std::move(file));
  }
  if (out.empty()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("the folders hold no recording of the {} split", to_string(split)));
  }
  return out;
}

std::optional<Content> load_content(const std::filesystem::path& file, bool allow_stereo, Rng& rng) {
  AudioBuffer audio = load_recording(file);
  const bool half_rate = rng.uniform() < 0.5;
  const bool stereo = rng.uniform() < 0.2;
  if (audio.channels() > 1 && !(allow_stereo && stereo)) audio = to_mono(audio);
  if (audio.sample_rate().hz > 24000.0 && half_rate) audio = resample(audio, SampleRate{24000});
  const double lufs = measure_lufs(audio);
  const auto cut = halves(audio, {.minimum_seconds = shortest_half});
  if (!cut || !std::isfinite(lufs)) return std::nullopt;
  Content content{file.stem().string(), AudioBuffer(active_excerpt(cut->first, longest_half)),
                  AudioBuffer(active_excerpt(cut->second, longest_half))};
  const auto gain = static_cast<float>(std::pow(10.0, (input_lufs - lufs) / 20.0));
  for (float& x : content.first.samples()) x *= gain;
  for (float& x : content.second.samples()) x *= gain;
  if (rng.uniform() < 0.5) std::swap(content.first, content.second);
  return content;
}

std::vector<EffectUse> effects_of(const std::filesystem::path& file) {
  std::vector<EffectUse> out;
  if (file.empty()) {
    for (const char* name :
         {"Overdrive", "Delay", "Ambience", "RingMod", "Combo", "Dynamics", "MultiBand", "ThruZero", "Leslie"}) {
      out.push_back({fmt::format("http://drobilla.net/plugins/mda/{}", name)});
    }
    return out;
  }
  std::ifstream in(file);
  if (!in) throw Error(ErrorCode::not_found, fmt::format("cannot read effects from '{}': no such file", file.string()));
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    EffectUse use;
    words >> use.name;
    if (!(words >> use.weight)) use.weight = 1;
    out.push_back(use);
  }
  return out;
}

std::vector<float> random_settings(const SettingsSpace& space, Rng& rng) {
  std::vector<double> point(space.free().size());
  for (double& x : point) x = rng.uniform();
  return space.expand(point);
}

}  // namespace soundalike::lab
