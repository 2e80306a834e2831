// Effects of every format through the commands: listed, shown, rendered, matched, chained, presets out and in.
#include <doctest/doctest.h>

#include <algorithm>

#include "cli/recordings.hpp"

using namespace recordings;
using program::Run;

namespace {

const std::string ladspa_gain = "ladspa:soundalike-test#gain";

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// An effect of each format, as a user would write it, and how its presets end.
struct Row {
  std::string scheme, effect, preset_suffix;
};
const std::vector<Row> formats{{"lv2", "lv2:Test Gain", ".preset.lv2"},
                               {"vst3", "vst3:gain", ".vstpreset"},
                               {"clap", "clap:gain", ".preset.json"},
                               {"ladspa", "ladspa:Test LADSPA Gain", ".preset.json"},
                               {"builtin", "builtin:gain", ".preset.json"}};
const Row filter{"builtin", "builtin:filter", ".preset.json"};

/// The effects' own values of all knobs of a recipe, stage by stage.
std::vector<double> values_of(const nlohmann::ordered_json& recipe) {
  std::vector<double> values;
  for (const auto& effect : recipe["effects"]) {
    for (const auto& knob : effect["knobs"]) values.push_back(knob["plain"]);
  }
  return values;
}

/// A match with the chain towards a dull recording; what it writes must repeat it, by the recipe to the byte and by the
/// presets to the values.
void check_a_match_and_what_it_writes(const Studio& studio, const std::vector<Row>& chain) {
  REQUIRE(studio({"render", "ref.wav", "-e", "builtin:filter", "-s", "cutoff=600 Hz", "-o", "dull.wav"}).status == 0);
  std::vector<std::string> words{"match", "in.wav", "dull.wav", "-o", "out.wav", "--json", "-b", "24", "-j", "2"};
  for (const Row& row : chain) words.insert(words.end(), {"-e", row.effect});
  const Run match = studio(words);
  REQUIRE_MESSAGE(match.status == 0, match.err);
  const auto json = match.json();
  REQUIRE(json["kept_dry"] == false);
  REQUIRE(json["recipe"]["effects"].size() == chain.size());
  REQUIRE(json["files"]["presets"].size() == chain.size());

  REQUIRE(studio({"render", "in.wav", "--recipe", "out.recipe.json", "-o", "again.wav"}).status == 0);
  CHECK(bytes_of(studio.path("again.wav")) == bytes_of(studio.path("out.wav")));

  std::vector<std::string> by_preset{"render", "in.wav", "-o", "p.wav", "--json"};
  for (std::size_t i = 0; i < chain.size(); ++i) {
    CHECK(json["recipe"]["effects"][i]["effect"].get<std::string>().starts_with(chain[i].scheme + ":"));
    const std::string preset = json["files"]["presets"][i];
    CHECK(preset == (chain.size() == 1 ? "out" : "out." + std::to_string(i + 1)) + chain[i].preset_suffix);
    by_preset.insert(by_preset.end(), {"--preset", preset});
  }
  const Run repeated = studio(by_preset);
  REQUIRE_MESSAGE(repeated.status == 0, repeated.err);
  const auto found = values_of(json["recipe"]), again = values_of(repeated.json()["recipe"]);
  REQUIRE(again.size() == found.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(again[i] == doctest::Approx(found[i]).epsilon(1e-5));
}

}  // namespace

TEST_CASE("effects_of_one_format_are_listed_and_shown") {
  const Studio studio;
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

TEST_CASE("every_format_is_listed_shown_rendered_and_probed_alike") {
  const Studio studio;
  for (const Row& row : formats) {
    CAPTURE(row.effect);
    const Run listed = studio({"effects", "--format", row.scheme, "--json"});
    REQUIRE(listed.status == 0);
    const Run shown = studio({"effects", "show", row.effect, "--json"});
    REQUIRE_MESSAGE(shown.status == 0, shown.err);
    const auto effect = shown.json();
    CHECK(effect["id"].get<std::string>().starts_with(row.scheme + ":"));
    const auto effects = listed.json()["effects"];
    CHECK(std::ranges::any_of(effects, [&](const auto& other) { return other["id"] == effect["id"]; }));
    const auto parameters = effect["parameters"];
    const auto first =
        std::ranges::find_if(parameters, [](const auto& parameter) { return parameter["kind"] == "continuous"; });
    REQUIRE(first != parameters.end());
    const std::string knob = (*first)["id"];
    const Run set = studio({"render", "in.wav", "-e", row.effect, "-s", knob + "=100%", "-o", "out.wav", "--json"});
    REQUIRE_MESSAGE(set.status == 0, set.err);
    const auto place = static_cast<std::size_t>(first - parameters.begin());
    CHECK(set.json()["recipe"]["effects"][0]["knobs"][place]["setting"] == 1.0);
    const Run plain = studio({"render", "in.wav", "-e", row.effect, "-o", "plain.wav"});
    REQUIRE(plain.status == 0);
    CHECK(bytes_of(studio.path("out.wav")) != bytes_of(studio.path("plain.wav")));
    const Run probed =
        studio({"effects", "probe", row.effect, "-o", "profile.json", "--rate", "8000", "--channels", "1"});
    REQUIRE_MESSAGE(probed.status == 0, probed.err);
    const auto knobs = nlohmann::ordered_json::parse(bytes_of(studio.path("profile.json")))["knobs"];
    CHECK(knobs.size() == parameters.size());
    CHECK(knobs[knob]["class"] == "gain");
  }
}

TEST_CASE("every_format_matches_and_repeats_by_recipe_and_by_presets_of_its_own_kind") {
  const Studio studio;
  for (const Row& row : formats) {
    CAPTURE(row.effect);
    check_a_match_and_what_it_writes(studio, {row, filter});
  }
}

TEST_CASE("a_chain_of_all_formats_matches_and_repeats") {
  const Studio studio;
  auto chain = formats;
  chain.push_back(filter);
  check_a_match_and_what_it_writes(studio, chain);
  // The next match leaves no preset of the last one behind.
  REQUIRE(studio.match(filter.effect, {"-o", "out.wav"}).status == 0);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    CHECK_FALSE(fs::exists(studio.path("out." + std::to_string(i + 1) + chain[i].preset_suffix)));
  }
}

TEST_CASE("candidates_of_one_name_are_told_apart_by_their_formats") {
  const Studio studio;
  const Run run = studio.match("vst3:gain", {"--choose", "-e", "clap:gain", "-e", filter.effect});
  REQUIRE_MESSAGE(run.status == 0, run.err);
  CHECK(holds(run.out, "gain (vst3)"));
  CHECK(holds(run.out, "gain (clap)"));
  CHECK_FALSE(holds(run.out, "Filter (builtin)"));
}

TEST_CASE("an_installed_equaliser_matches_in_every_format_it_comes_in") {
  const Studio studio(Studio::Plugins::all);
  for (const Row& row : {Row{"lv2", "lv2:ZamEQ2", ".preset.lv2"}, Row{"vst3", "vst3:ZamEQ2", ".vstpreset"},
                         Row{"clap", "clap:ZamEQ2", ".preset.json"}, Row{"ladspa", "ladspa:ZamEQ2", ".preset.json"}}) {
    if (!studio.has(row.effect)) {
      MESSAGE("skipped: not installed: " << row.effect);
      continue;
    }
    CAPTURE(row.effect);
    check_a_match_and_what_it_writes(studio, {row});
  }
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
