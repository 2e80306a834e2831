#include "effect/clap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "contract/effect_contract.hpp"
#include "fixtures/temp_folder.hpp"
#include "signals.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;

namespace {

std::filesystem::path built_file() {
  const char* build = std::getenv("SOUNDALIKE_BUILD");
  REQUIRE_MESSAGE(build, "SOUNDALIKE_BUILD is the build folder; ctest sets it");
  return std::filesystem::path(build) / "tests/plugins/clap/soundalike-test.clap";
}

const EffectListing& plugin(const std::string& id) {
  static const auto listings = scan_clap(built_file());
  const auto found = std::ranges::find(listings, "clap:" + id, [](const EffectListing& l) { return l.info.id; });
  REQUIRE_MESSAGE(found != listings.end(), "no CLAP test plugin " << id);
  return *found;
}

const Parameter& knob(const std::string& id) {
  const auto& parameters = plugin("gain").parameters;
  const auto found = std::ranges::find(parameters, id, &Parameter::id);
  REQUIRE_MESSAGE(found != parameters.end(), "no knob " << id);
  return *found;
}

AudioBuffer render(const std::string& id, AudioView dry, const std::string& turned = "", float setting = 0.0f) {
  const auto effect = open_effect(plugin(id), {dry.sample_rate(), dry.channels()});
  auto settings = effect->default_settings();
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (effect->parameters()[i].id == turned) settings[i] = setting;
  }
  return effect->render(dry, settings);
}

bool equal(AudioView a, AudioView b, float factor = 1.0f) {
  for (std::size_t c = 0; c < a.channels(); ++c) {
    for (std::size_t i = 0; i < a.frames(); ++i) {
      if (a.channel(c)[i] != factor * b.channel(c)[i]) return false;
    }
  }
  return a.frames() == b.frames() && a.channels() == b.channels();
}

}  // namespace

TEST_CASE("clap_file_lists_all_its_plugins") {
  const auto& gain = plugin("gain");
  CHECK(gain.info.name == "gain");
  CHECK(gain.info.author == "The authors");
  CHECK(gain.info.version == "1.2");
  CHECK(gain.info.klass == "Equaliser");
  CHECK(gain.info.audio_inputs == 2);
  CHECK(gain.unusable.empty());
  CHECK(plugin("mono-to-stereo").info.audio_inputs == 1);
  CHECK(plugin("wide").info.audio_outputs == 2);
  CHECK(plugin("synth").unusable == "no audio input");
}

TEST_CASE("clap_parameters_make_the_knobs") {
  const auto ids = [] {
    std::vector<std::string> all;
    for (const Parameter& p : plugin("gain").parameters) all.push_back(p.id);
    return all;
  }();
  // Two of one name are told apart by their modules; what is hidden or only shown is no knob.
  CHECK(ids == std::vector<std::string>{"output_gain", "sounding", "mode", "taps", "curve_x", "input_gain", "bypass"});
  CHECK(knob("output_gain").unit == "dB");
  CHECK(knob("output_gain").maximum == 12.0f);
  CHECK(knob("sounding").kind == ParameterKind::toggle);
  CHECK(knob("sounding").default_plain == 1.0f);
  REQUIRE(knob("mode").kind == ParameterKind::choice);
  CHECK(knob("mode").choices[2].label == "High");
  CHECK(knob("mode").default_plain == 1.0f);
  CHECK(knob("taps").kind == ParameterKind::integer);
  CHECK(knob("taps").minimum == 1.0f);
  CHECK(knob("bypass").kind == ParameterKind::toggle);
  // It prints another number than it holds: its own range, and what it prints at some settings.
  CHECK(knob("curve_x").unit.empty());
  CHECK(knob("curve_x").text(0.5f) == "265 Hz");
}

TEST_CASE("clap_plugins_meet_the_effect_contract") {
  for (const char* id : {"gain", "mono", "mono-to-stereo", "wide", "latency", "side-chain", "events-only", "restart"}) {
    check_effect_contract(id, [&](const RenderSetup& setup) { return open_effect(plugin(id), setup); });
  }
}

TEST_CASE("clap_settings_reach_the_plugin_before_its_first_block") {
  const AudioBuffer dry = noise(2, 3000, 48000);
  CHECK(equal(render("gain", dry), dry));
  CHECK(equal(render("gain", dry, "output_gain", 0.5f), dry, 2.0f));
  CHECK(equal(render("events-only", dry, "output_gain", 0.5f), dry, 2.0f));
  CHECK(peak(render("gain", dry, "sounding", 0.0f)) == 0.0f);
}

TEST_CASE("clap_settings_come_when_the_plugin_knows_its_rate") {
  CHECK(render("early", noise(2, 3000, 48000)).channel(0)[0] == 48000.0f);
}

TEST_CASE("clap_latency_is_removed_also_when_a_plugin_learns_it_late") {
  const AudioBuffer dry = noise(2, 3000, 48000);
  CHECK(equal(render("latency", dry), dry));
  CHECK(equal(render("restart", dry), dry));
}

TEST_CASE("clap_side_chain_is_silent_whatever_the_plugin_writes_to_it") {
  const AudioBuffer dry = noise(2, 3000, 48000);
  CHECK(equal(render("side-chain", dry), dry));
}

TEST_CASE("clap_transport_plays_at_120_beats_per_minute") {
  const AudioBuffer beats = render("transport", noise(2, 48000, 48000));
  CHECK(beats.channel(0)[0] == 0.0f);
  // The block that holds the last frame begins within 1024 frames of it.
  CHECK(beats.channel(0)[47999] > 1.9f);
  CHECK(beats.channel(0)[47999] < 2.0f);
}

TEST_CASE("clap_failures_are_told") {
  const AudioBuffer dry = noise(2, 100, 48000);
  CHECK_THROWS_WITH_AS(render("error", dry), doctest::Contains("reports an error in a block"), Error);
  CHECK_THROWS_WITH_AS(render("refuses", dry), doctest::Contains("it refuses 48000 Hz"), Error);
  CHECK_THROWS_WITH_AS(render("synth", dry), doctest::Contains("no audio input"), Error);
  EffectListing gone = plugin("gain");
  gone.info.id = "clap:gone";
  CHECK_THROWS_WITH_AS(open_effect(gone, {SampleRate{48000}, 2}), doctest::Contains("holds no plugin clap:gone"),
                       Error);
}

TEST_CASE("clap_files_are_found_in_folders_below_and_bad_ones_told") {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() / "vendor/product");
  std::filesystem::copy_file(built_file(), folder.path() / "vendor/product/good.clap");
  std::filesystem::copy_file(built_file(), folder.path() / "refuses.clap");
  std::ofstream(folder.path() / "text.clap") << "no library";
  std::filesystem::create_directory_symlink(folder.path(), folder.path() / "vendor/loop");
  const auto files = clap_files(folder.path().string());
  REQUIRE(files.size() == 3);
  CHECK(scan_clap(folder.path() / "vendor/product/good.clap").size() == 13);
  CHECK_THROWS_WITH_AS(scan_clap(folder.path() / "refuses.clap"), doctest::Contains("reports failure"), Error);
  CHECK_THROWS_WITH_AS(scan_clap(folder.path() / "text.clap"), doctest::Contains("cannot load 'text.clap'"), Error);
}

TEST_CASE("a_clap_file_that_crashes_costs_only_its_own_entry") {
  const TempFolder folder;
  std::filesystem::copy_file(built_file(), folder.path() / "crash.clap");
  std::filesystem::copy_file(built_file(), folder.path() / "good.clap");
  const EffectLibrary library({.use_cache = false,
                               .lv2_path = "",
                               .vst3_path = "",
                               .clap_path = folder.path().string(),
                               .ladspa_path = "",
                               .built_in = false});
  const auto usable = std::ranges::count_if(library.listings(), [](const auto& l) { return l.unusable.empty(); });
  CHECK(usable == 12);
  CHECK(std::ranges::any_of(library.listings(),
                            [](const auto& l) { return l.bundle.filename() == "crash.clap" && !l.unusable.empty(); }));
}

TEST_CASE("installed_clap_plugins_meet_the_effect_contract") {
  for (const char* name :
       {"ZaMaximX2", "ZaMultiComp", "ZamComp", "ZamDelay", "ZamEQ2", "ZamGEQ31", "ZamGate", "ZamTube"}) {
    const auto file = std::filesystem::path("/usr/lib/clap") / (std::string(name) + ".clap");
    if (!std::filesystem::exists(file)) {
      MESSAGE("skipped: not installed: " << name);
      continue;
    }
    const auto listings = scan_clap(file);
    REQUIRE(listings.size() == 1);
    check_effect_contract(name, [&](const RenderSetup& setup) { return open_effect(listings.front(), setup); });
  }
}
