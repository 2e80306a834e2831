#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>

#include "effect/temporary_bundles.hpp"
#include "effect/vst3_modules.hpp"
#include "effect/vst3_preset_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/preset.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;
using namespace soundalike::test;
namespace fs = std::filesystem;

namespace {

constexpr SampleRate rate{48000.0};

std::vector<float> random_settings(const EffectListing& listing, std::uint64_t seed = 3) {
  Rng rng(seed);
  std::vector<float> settings;
  for (const Parameter& p : listing.parameters) {
    // What the knob can be, not what lies between.
    settings.push_back(p.to_setting(p.to_plain(static_cast<float>(rng.uniform()))));
  }
  return settings;
}

std::string error_of(const std::function<void()>& work, ErrorCode code) {
  try {
    work();
  } catch (const Error& error) {
    CHECK(error.code() == code);
    return error.what();
  }
  return "no error";
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

/// The settings of a file that write_preset() made of some.
void check_comes_back(const EffectListing& listing, float tolerance) {
  CAPTURE(listing.info.name);
  const TempFolder folder;
  const fs::path file = folder / "one.vstpreset";
  const auto settings = random_settings(listing);
  write_preset(file, listing, settings, rate, "One");
  const Preset preset = read_preset(file);
  CHECK(preset.effect == listing.info.id);
  const auto found = preset_settings(preset, listing, rate);
  REQUIRE(found.size() == settings.size());
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const Parameter& p = listing.parameters[i];
    CAPTURE(p.id);
    CHECK(std::abs(found[i] - settings[i]) <= tolerance);
    if (p.kind != ParameterKind::continuous) CHECK(p.to_plain(found[i]) == p.to_plain(settings[i]));
  }
  CHECK(folder.entries() == 1);
}

}  // namespace

TEST_CASE("vst3_presets_come_back_as_the_settings_they_were_made_of") {
  for (const char* name : {"gain", "knobs", "many", "split"}) check_comes_back(vst3_test_plugin(name), 0.0f);
}

TEST_CASE("vst3_presets_of_installed_plugins_come_back") {
  for (const char* name : {"ZaMaximX2", "ZaMultiCompX2", "ZamComp", "ZamDelay", "ZamEQ2", "ZamGEQ31", "ZamGate",
                           "ZamGrains", "ZamPhono", "ZamTube"}) {
    const auto bundle = fs::path("/usr/lib/vst3") / (std::string(name) + ".vst3");
    if (!fs::exists(bundle)) {
      MESSAGE("skipped: not installed: " << name);
      continue;
    }
    check_comes_back(scan_vst3(bundle).at(0), 1e-6f);
  }
}

TEST_CASE("vst3_preset_file_holds_what_hosts_expect") {
  const vst3::PresetFile preset{.class_id = "0123456789ABCDEF0123456789ABCDEF",
                                .component_state = std::string("\0comp", 5),
                                .controller_state = "control",
                                .label = "Drums & \"Bass\" <1>",
                                .plugin = "A"};
  const std::string bytes = vst3::encode(preset);
  CHECK(bytes.substr(0, 8) == std::string("VST3\1\0\0\0", 8));
  CHECK(bytes.substr(8, 32) == preset.class_id);
  CHECK(bytes.substr(48, 5) == preset.component_state);
  const vst3::PresetFile read = vst3::decode(bytes);
  CHECK(read.class_id == preset.class_id);
  CHECK(read.component_state == preset.component_state);
  CHECK(read.controller_state == preset.controller_state);
  CHECK(read.label == preset.label);
  CHECK(read.plugin == "A");
  CHECK(read.ours);
}

TEST_CASE("vst3_preset_file_that_is_cut_or_damaged_is_refused_with_the_reason") {
  const std::string bytes =
      vst3::encode({.class_id = "0123456789ABCDEF0123456789ABCDEF", .component_state = "comp", .label = "L"});
  const auto problem = [](const std::string& text) -> std::string {
    try {
      vst3::decode(text);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  REQUIRE(problem(bytes).empty());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(problem(bytes.substr(0, size)).empty());
  }
  CHECK(problem(bytes.substr(0, bytes.size() - 10)) == "it is truncated");
  CHECK(problem("not a preset at all") == "it is no VST3 preset");
  std::string other = bytes;
  other[4] = 9;
  CHECK(problem(other) == "it is of version 9, version 1 is read here");
  // Every byte of header and list set to nonsense: an answer or an error, never a read outside.
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const char value : {'\x7f', '\xff', '\0'}) {
      std::string wild = bytes;
      wild[i] = value;
      problem(wild);
    }
  }
}

TEST_CASE("vst3_preset_replaces_only_its_own_and_is_removed_by_its_label") {
  const EffectListing& gain = vst3_test_plugin("gain");
  const TempFolder folder;
  const fs::path file = folder / "x.vstpreset";
  write_text(file, "someone's notes");
  CHECK(
      holds(error_of([&] { write_preset(file, gain, random_settings(gain), rate, "x"); }, ErrorCode::invalid_argument),
            "there is something else of this name"));
  CHECK(read_text(file) == "someone's notes");
  CHECK_FALSE(remove_preset(file, "x"));
  fs::remove(file);
  write_preset(file, gain, random_settings(gain), rate, "x");
  const std::string first = read_text(file);
  write_preset(file, gain, random_settings(gain, 9), rate, "y");
  CHECK(read_text(file) != first);
  CHECK_FALSE(remove_preset(file, "x"));
  CHECK(remove_preset(file, "y"));
  CHECK(folder.entries() == 0);
}

TEST_CASE("vst3_preset_of_another_plugin_or_a_broken_one_says_so") {
  const TempFolder folder;
  const EffectListing& gain = vst3_test_plugin("gain");
  const EffectListing& many = vst3_test_plugin("many");
  const fs::path file = folder / "gain.vstpreset";
  write_preset(file, gain, random_settings(gain), rate, "x");
  CHECK(holds(error_of([&] { preset_settings(read_preset(file), many, rate); }, ErrorCode::invalid_argument),
              gain.info.id));
  write_text(file, read_text(file).substr(0, 60));
  CHECK(holds(error_of([&] { read_preset(file); }, ErrorCode::invalid_argument), "it is truncated"));
  // The right class, a state of no length.
  write_text(file, vst3::encode({.class_id = gain.info.id.substr(5), .component_state = "", .label = "x"}));
  CHECK(holds(error_of([&] { preset_settings(read_preset(file), gain, rate); }, ErrorCode::plugin_failed),
              "refuses the state"));
}

TEST_CASE("vst3_plugin_that_crashes_over_its_state_costs_only_the_preset") {
  const TempFolder folder;
  for (const auto& [name, writes] : {std::pair("crash-in-getState", true), std::pair("crash-in-setState", false)}) {
    const auto& shown = name;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown);
    const auto listings = scan_vst3(copy_vst3_module(folder.path(), name));
    const EffectListing& gain = listings.at(0);
    const fs::path file = folder / (std::string(name) + ".vstpreset");
    const auto work = [&] {
      write_preset(file, gain, random_settings(gain), rate, "x");
      preset_settings(read_preset(file), gain, rate);
    };
    CHECK(holds(error_of(work, ErrorCode::plugin_failed), "crashes over its state: SIGSEGV"));
    CHECK(fs::exists(file) != writes);
  }
}
