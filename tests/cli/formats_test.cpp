// Effects of every format through the commands: listed, shown, rendered, matched, chained, presets out and in.
#include <doctest/doctest.h>

#include <algorithm>

#include "cli/recordings.hpp"

using namespace recordings;
using program::Run;

namespace {

const std::string ladspa_gain = "ladspa:soundalike-test#gain";

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("effects_of_every_format_are_listed_and_shown") {
  const Studio studio;
  const Run listed = studio({"effects", "--json"});
  REQUIRE(listed.status == 0);
  std::set<std::string> formats;
  const auto effects = listed.json()["effects"];
  for (const auto& effect : effects) {
    const std::string id = effect["id"];
    formats.insert(id.substr(0, id.find(':')));
  }
  CHECK(formats.contains("lv2"));
  CHECK(formats.contains("ladspa"));
  const Run ladspa = studio({"effects", "--format", "LADSPA", "--names"});
  CHECK(holds(ladspa.out, "Test LADSPA Gain"));
  CHECK_FALSE(holds(ladspa.out, "Test Gain"));
  const Run unknown = studio({"effects", "--format", "dx"});
  CHECK(unknown.status == 3);
  CHECK(holds(unknown.err, "no effect is of format 'dx'"));
  const Run shown = studio({"effects", "show", "Test LADSPA Knobs", "--json"});
  REQUIRE(shown.status == 0);
  CHECK(shown.json()["id"] == "ladspa:soundalike-test#knobs");
  CHECK(shown.json()["pack"] == "soundalike-test");
}

TEST_CASE("a_chain_of_formats_matches_and_repeats_by_recipe_and_by_presets") {
  const Studio studio;
  const Run match = studio.match(test_effect("knobs"), {"-e", ladspa_gain, "-o", "out.wav", "--json", "--amount", "1"});
  REQUIRE_MESSAGE(match.status == 0, match.err);
  const auto json = match.json();
  if (json["kept_dry"] == true) return;
  REQUIRE(json["files"]["presets"].size() == 2);
  CHECK(json["files"]["presets"][0] == "out.1.preset.lv2");
  CHECK(json["files"]["presets"][1] == "out.2.preset.json");
  REQUIRE(studio({"render", "in.wav", "--recipe", "out.recipe.json", "-o", "again.wav"}).status == 0);
  CHECK(bytes_of(studio.path("again.wav")) == bytes_of(studio.path("out.wav")));

  const Run by_preset =
      studio({"render", "in.wav", "-p", "out.1.preset.lv2", "-p", "out.2.preset.json", "-o", "p.wav", "--json"});
  REQUIRE_MESSAGE(by_preset.status == 0, by_preset.err);
  const auto repeated = by_preset.json()["recipe"]["effects"];
  const auto found = json["recipe"]["effects"];
  REQUIRE(repeated.size() == found.size());
  for (std::size_t stage = 0; stage < found.size(); ++stage) {
    for (std::size_t k = 0; k < found[stage]["knobs"].size(); ++k) {
      CHECK(repeated[stage]["knobs"][k]["value"].get<double>() ==
            doctest::Approx(found[stage]["knobs"][k]["value"].get<double>()));
    }
  }
  // The next match leaves no preset of the last one behind.
  REQUIRE(studio.match(ladspa_gain, {"-o", "out.wav"}).status == 0);
  CHECK_FALSE(fs::exists(studio.path("out.1.preset.lv2")));
  CHECK_FALSE(fs::exists(studio.path("out.2.preset.json")));
}

TEST_CASE("presets_that_cannot_be_used_say_why") {
  const Studio studio;
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(studio.path(name), std::ios::binary) << text;
  };
  const auto complaint = [&](const std::string& preset) {
    const Run run = studio({"render", "in.wav", "--preset", preset, "-o", "out.wav"});
    CHECK(run.status != 0);
    CHECK_FALSE(fs::exists(studio.path("out.wav")));
    return run.err;
  };
  const std::string head = R"({"soundalike": "effect preset", "format": 1, "label": "x", "effect": )";
  write("other.preset.json", "{}");
  CHECK(holds(complaint("other.preset.json"), "it is no preset that soundalike wrote"));
  write("cut.preset.json", head);
  CHECK(holds(complaint("cut.preset.json"), "it is no preset that soundalike wrote"));
  write("gone.preset.json", head + R"("ladspa:gone#away", "knobs": {}})");
  CHECK(holds(complaint("gone.preset.json"), "cannot open effect 'ladspa:gone#away'"));
  write("knob.preset.json", head + R"("ladspa:soundalike-test#gain", "knobs": {"loudness": {"value": 1}}})");
  CHECK(holds(complaint("knob.preset.json"), "'Test LADSPA Gain' has no knob 'loudness'"));
  write("value.preset.json", head + R"("ladspa:soundalike-test#gain", "knobs": {"gain": {"value": "high"}}})");
  CHECK(holds(complaint("value.preset.json"), "knob 'gain' has no 'value' that is a number"));
  fs::create_directory(studio.path("empty.preset.lv2"));
  CHECK(holds(complaint("empty.preset.lv2"), "it has no manifest.ttl"));
  CHECK(holds(complaint("nothing.preset.json"), "nothing.preset.json"));
  CHECK(holds(complaint("in.wav"), "its name ends in none of"));
}
