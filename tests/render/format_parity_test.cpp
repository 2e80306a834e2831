// The same effect in two formats, at the same values of its own: the same audio, where the plugin itself does.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "render/rig.hpp"

using namespace rig;

namespace {

struct Row {
  std::size_t knobs = 0;
  std::size_t compared = 0;  // settings at which both gave audio
  std::size_t equal = 0;     // of these, to 1e-5 of the largest sample
  std::size_t delicate = 0;  // of the others, those where a millionth of a knob changes the LV2 version as visibly
  double worst = 0.0;        // largest difference of samples over the largest sample
};

/// The largest difference of samples over the largest sample of the first.
double difference(AudioView a, AudioView b) {
  double largest = 1e-3;
  double apart = 0.0;
  for (std::size_t c = 0; c < a.channels(); ++c) {
    for (std::size_t i = 0; i < a.frames(); ++i) {
      const double x = a.channel(c)[i];
      largest = std::max(largest, std::abs(x));
      apart = std::max(apart, std::abs(x - static_cast<double>(b.channel(c)[i])));
    }
  }
  return apart / largest;
}

const EffectLibrary& library() {
  static const EffectLibrary installed(EffectLibrary::Options{.use_cache = false});
  return installed;
}

std::optional<EffectListing> find(const std::string& name, const std::string& scheme) {
  for (const EffectListing& listing : library().listings()) {
    if (listing.info.name == name && listing.info.id.starts_with(scheme) && listing.unusable.empty()) return listing;
  }
  return {};
}

/// Settings of both effects with the same values of their own; the knobs stand in one order in both.
/// Side chains are off, as the plugins' two wrappers feed them differently, and so is the tempo, which LV2 plugins are
/// not told here.
std::pair<std::vector<float>, std::vector<float>> same_values(const EffectListing& a, const EffectListing& b,
                                                              Rng& rng) {
  std::pair<std::vector<float>, std::vector<float>> both;
  for (std::size_t i = 0; i < a.parameters.size(); ++i) {
    // By way of the VST3 parameter, as some that step there are continuous in LV2.
    const Parameter& p = a.parameters[i];
    const Parameter& q = b.parameters[i];
    float setting = static_cast<float>(rng.uniform());
    if (p.name == "Sidechain" || p.name == "Sync BPM") setting = 0.0f;
    setting = q.to_setting(q.to_plain(setting));
    both.first.push_back(p.to_setting(q.to_plain(setting)));
    both.second.push_back(setting);
  }
  return both;
}

std::optional<Row> compare(const EffectListing& a, const EffectListing& b) {
  if (a.parameters.size() != b.parameters.size()) return {};
  constexpr std::size_t count = 8;
  Rng rng(11);
  std::vector<std::vector<float>> first, second;
  for (std::size_t i = 0; i < count; ++i) {
    auto [x, y] = same_values(a, b, rng);
    first.push_back(std::move(x));
    second.push_back(std::move(y));
  }
  const RenderSetup setup{SampleRate{48000}, a.info.audio_inputs};
  const auto render = [&](const EffectListing& listing, const std::vector<std::vector<float>>& settings) {
    BatchRenderer renderer({listing}, setup, {.workers = 2, .deadline_seconds = 30.0});
    const auto clip = renderer.add_clip(noise(48000, 1, setup));
    std::vector<BatchRenderer::Job> jobs;
    for (const auto& s : settings) jobs.push_back({clip, s});
    return renderer.render(jobs);
  };
  constexpr double tolerance = 1e-5;
  auto nudged = first;
  for (auto& settings : nudged) {
    for (float& setting : settings) setting += setting < 0.5f ? 1e-6f : -1e-6f;
  }
  const auto left = render(a, first);
  const auto beside = render(a, nudged);
  const auto right = render(b, second);
  Row row{.knobs = a.parameters.size()};
  for (std::size_t i = 0; i < count; ++i) {
    if (left[i].audio.frames() == 0 || right[i].audio.frames() == 0) continue;
    ++row.compared;
    const double apart = difference(left[i].audio, right[i].audio);
    row.worst = std::max(row.worst, apart);
    if (apart <= tolerance) {
      ++row.equal;
    } else if (beside[i].audio.frames() > 0 && difference(left[i].audio, beside[i].audio) > tolerance) {
      ++row.delicate;
    }
  }
  return row;
}

}  // namespace

TEST_CASE("the_same_effect_in_lv2_and_vst3_gives_the_same_audio") {
  for (const std::string name :
       {"ZaMaximX2", "ZaMultiComp", "ZaMultiCompX2", "ZamAutoSat", "ZamComp", "ZamCompX2", "ZamDelay", "ZamDynamicEQ",
        "ZamEQ2", "ZamGEQ31", "ZamGate", "ZamGateX2", "ZamGrains", "ZamHeadX2", "ZamPhono", "ZamTube", "ZamVerb"}) {
    const auto lv2 = find(name, "lv2:");
    const auto vst3 = find(name, "vst3:");
    if (!lv2 || !vst3) {
      MESSAGE("skipped: not installed in both formats: " << name);
      continue;
    }
    CAPTURE(name);
    const auto row = compare(*lv2, *vst3);
    REQUIRE(row.has_value());
    MESSAGE(name << ": " << row->knobs << " knobs, " << row->equal << " of " << row->compared << " settings equal, "
                 << row->delicate << " delicate, largest difference " << row->worst);
    CHECK(row->compared >= 4);
    // Its shape switches depend on which of them were ever set; the LV2 wrapper sets only what is not at its default.
    if (name != "ZamDynamicEQ") CHECK(row->equal + row->delicate == row->compared);
    CHECK(row->equal >= row->compared / 2);
  }
}
