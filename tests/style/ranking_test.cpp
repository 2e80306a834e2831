// Ranking on real recordings: the same effect on other content must be nearer than other settings, than another effect
// and than no effect. The effects are written here, so that only the distance is tested.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "soundalike/audio_file.hpp"
#include "soundalike/style_distance.hpp"

using namespace soundalike;

namespace {

AudioBuffer drive(const AudioBuffer& in, double amount) {
  AudioBuffer out = in;
  for (float& x : out.samples()) x = static_cast<float>(std::tanh(amount * x));
  return out;
}

AudioBuffer echo(const AudioBuffer& in, double seconds) {
  AudioBuffer out = in;
  const auto lag = static_cast<std::size_t>(seconds * in.sample_rate().hz);
  for (std::size_t i = lag; i < out.frames(); ++i) out.channel(0)[i] += 0.6f * out.channel(0)[i - lag];
  return out;
}

AudioBuffer dull(const AudioBuffer& in, double hz) {
  AudioBuffer out = in;
  const double k = 1.0 - std::exp(-2.0 * std::numbers::pi * hz / in.sample_rate().hz);
  double state = 0.0;
  for (float& x : out.samples()) x = static_cast<float>(state += k * (x - state));
  return out;
}

AudioBuffer tremble(const AudioBuffer& in, double hz) {
  AudioBuffer out = in;
  for (std::size_t i = 0; i < out.frames(); ++i) {
    const double phase = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / in.sample_rate().hz;
    out.channel(0)[i] *= static_cast<float>(0.55 + 0.45 * std::sin(phase));
  }
  return out;
}

struct Setting {
  int effect;
  std::function<AudioBuffer(const AudioBuffer&)> apply;
};

std::vector<Setting> settings() {
  std::vector<Setting> out;
  for (const double amount : {3.0, 20.0, 100.0})
    out.push_back({0, [=](const AudioBuffer& x) { return drive(x, amount); }});
  for (const double s : {0.003, 0.05, 0.25}) out.push_back({1, [=](const AudioBuffer& x) { return echo(x, s); }});
  for (const double hz : {300.0, 900.0, 2700.0}) out.push_back({2, [=](const AudioBuffer& x) { return dull(x, hz); }});
  for (const double hz : {3.0, 8.0, 25.0}) out.push_back({3, [=](const AudioBuffer& x) { return tremble(x, hz); }});
  out.push_back({4, [](const AudioBuffer& x) { return x; }});
  return out;
}

double accuracy(std::string_view distance, const std::vector<std::filesystem::path>& files) {
  std::size_t right = 0;
  std::size_t all = 0;
  for (const auto& file : files) {
    const AudioBuffer audio = read_audio(file);
    const AudioBuffer first(audio.view().excerpt(0, audio.frames() / 2));
    const AudioBuffer second(audio.view().excerpt(audio.frames() / 2, audio.frames() / 2));
    const auto style = make_style_distance(distance, {audio.sample_rate()});
    std::vector<StyleDistance::Description> here;
    std::vector<StyleDistance::Description> there;
    for (const auto& setting : settings()) {
      here.push_back(style->describe(setting.apply(first)));
      there.push_back(style->describe(setting.apply(second)));
    }
    for (std::size_t i = 0; i < here.size(); ++i) {
      for (std::size_t j = 0; j < here.size(); ++j) {
        if (i == j) continue;
        right += style->distance(here[i], there[i]) < style->distance(here[j], there[i]);
        ++all;
      }
    }
  }
  return static_cast<double>(right) / static_cast<double>(all);
}

}  // namespace

TEST_CASE("the_same_effect_on_other_content_is_nearer_than_anything_else") {
  const char* corpus = std::getenv("SOUNDALIKE_CORPUS");
  if (corpus == nullptr || !std::filesystem::is_directory(std::filesystem::path(corpus) / "speech")) {
    MESSAGE("skipped: SOUNDALIKE_CORPUS names no folder with speech/");
    return;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(corpus) / "speech")) {
    if (entry.path().filename().string().starts_with("lj_")) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  files.resize(std::min<std::size_t>(files.size(), 6));
  REQUIRE(!files.empty());
  const double style = accuracy("style", files);
  const double features = accuracy("features", files);
  const double ltas = accuracy("ltas", files);
  MESSAGE("share of triplets in order: style " << style << ", features " << features << ", ltas " << ltas);
  CHECK(style > ltas);
  // 0.980 measured on these six recordings; another libm or a refit may move a few of the 936 triplets.
  CHECK(style > 0.95);
}
