// `soundalike match` and what it leaves behind, end to end.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "cli/recordings.hpp"

namespace {

namespace fs = std::filesystem;
using program::Run;
using recordings::bytes_of;
using recordings::stereo;
using recordings::Studio;
using recordings::test_effect;
using recordings::tune;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

nlohmann::ordered_json recipe_of(const Studio& studio, const std::string& name) {
  return nlohmann::ordered_json::parse(bytes_of(studio.path(name)));
}

double setting_of(const nlohmann::ordered_json& recipe, const std::string& id) {
  for (const auto& effect : recipe["effects"]) {
    for (const auto& knob : effect["knobs"]) {
      if (knob["id"] == id) return knob["setting"];
    }
  }
  return -1.0;
}

/// ref.wav becomes what the knobs plugin with mode 0.5, a distortion, makes of another tune.
void distort_reference(const Studio& studio) {
  fs::rename(studio.path("ref.wav"), studio.path("clean.wav"));
  REQUIRE(studio({"render", "clean.wav", "-e", test_effect("knobs"), "-s", "mode=Dirty", "-o", "ref.wav"}).status == 0);
}

/// Processes that were started with the environment of this studio and live.
int left_behind(const Studio& studio) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    count += holds(bytes_of(entry.path() / "environ"), studio.path("cache").string()) ? 1 : 0;
  }
  return count;
}

bool has_hidden_files(const Studio& studio) {
  return std::ranges::any_of(fs::directory_iterator(studio.path("")), [](const fs::directory_entry& entry) {
    return entry.path().filename().string().starts_with(".");
  });
}

}  // namespace

TEST_CASE("rendering_the_recipe_gives_the_bytes_that_match_wrote") {
  const Studio studio;
  distort_reference(studio);
  program::write_wav(studio.path("stereo.wav"), stereo(tune(44100, 1.0, 3)), 44100, 2);
  const std::string knobs = test_effect("knobs");
  const struct {
    std::string input, output;
    std::vector<std::string> more;
  } rows[] = {{"in.wav", "a.wav", {}},
              {"stereo.wav", "b.wav", {}},
              {"stereo.wav", "c.wav", {"-e", test_effect("latency")}},
              {"in.wav", "d.wav", {"--amount", "50"}},
              {"in.wav", "e.wav", {"--keep-level"}},
              {"in.wav", "f.flac", {}},
              {"in.wav", "g.wav", {"--format", "int16"}},
              {"in.wav", "h.wav", {"--input-level", "-30"}}};
  for (const auto& row : rows) {
    CAPTURE(row.output);
    std::vector<std::string> words{"match", row.input, "ref.wav", "-e", knobs, "-b", "60", "-o", row.output};
    words.insert(words.end(), {"--free", "mode"});
    words.insert(words.end(), row.more.begin(), row.more.end());
    const Run run = studio(words);
    CAPTURE(run.err);
    REQUIRE(run.status == 0);
    CHECK_FALSE(holds(run.err, "dry signal"));
    const fs::path output = row.output;
    std::vector<std::string> again{"render", row.input, "-r", output.stem().string() + ".recipe.json", "-o"};
    again.push_back("again" + output.extension().string());
    if (row.output == "g.wav") again.insert(again.end(), {"--format", "int16"});
    REQUIRE(studio(again).status == 0);
    CHECK(bytes_of(studio.path("again" + output.extension().string())) == bytes_of(studio.path(row.output)));
  }
}

TEST_CASE("the_result_does_not_depend_on_workers_nor_on_the_run") {
  const Studio studio;
  distort_reference(studio);
  std::string audio, recipe;
  for (const std::string jobs : {"1", "2", "8", "2"}) {
    REQUIRE(studio.match(test_effect("knobs"), {"--free", "mode", "-b", "60", "-j", jobs, "-o", "out.wav"}).status ==
            0);
    if (audio.empty()) {
      audio = bytes_of(studio.path("out.wav"));
      recipe = bytes_of(studio.path("out.recipe.json"));
    }
    CHECK(bytes_of(studio.path("out.wav")) == audio);
    CHECK(bytes_of(studio.path("out.recipe.json")) == recipe);
  }
}

TEST_CASE("a_freed_choice_is_found_and_a_pinned_knob_stays") {
  const Studio studio;
  distort_reference(studio);
  REQUIRE(
      studio.match(test_effect("knobs"), {"--free", "mode", "-s", "gain=3.5", "-b", "60", "-o", "out.wav"}).status ==
      0);
  const auto recipe = recipe_of(studio, "out.recipe.json");
  CHECK(setting_of(recipe, "mode") == doctest::Approx(0.5));
  for (const auto& knob : recipe["effects"][0]["knobs"]) {
    if (knob["id"] == "gain") CHECK(knob["plain"].get<double>() == doctest::Approx(3.5));
  }
  CHECK(recipe["found"]["distance_after"] < recipe["found"]["distance_before"]);
}

TEST_CASE("an_effect_that_cannot_help_leaves_the_dry_signal_and_says_so") {
  const Studio studio;
  const Run run = studio.match(test_effect("gain"), {"--keep-level", "-o", "out.wav", "--format", "int16", "--json"});
  REQUIRE(run.status == 0);
  CHECK(run.json()["kept_dry"] == true);
  CHECK(holds(run.err, "the dry signal is kept"));
  REQUIRE(studio({"render", "in.wav", "-r", "out.recipe.json", "-o", "again.wav", "--format", "int16"}).status == 0);
  CHECK(bytes_of(studio.path("again.wav")) == bytes_of(studio.path("out.wav")));
  const std::string in = bytes_of(studio.path("in.wav")), out = bytes_of(studio.path("out.wav"));
  const std::size_t samples = 2 * 28800;
  CHECK(out.substr(out.size() - samples) == in.substr(in.size() - samples));
  CHECK_FALSE(fs::exists(studio.path("out.preset.lv2")));
  // Loudness-matched it is the dry signal all the same, louder or softer.
  REQUIRE(studio.match(test_effect("gain"), {"-o", "loud.wav"}).status == 0);
  const auto distances = studio({"distance", "in.wav", "loud.wav", "--json"}).json()["distances"];
  CHECK(distances["style"].get<double>() < 0.01);
}

TEST_CASE("presets_of_an_earlier_match_do_not_stay_beside_another_result") {
  const Studio studio;
  distort_reference(studio);
  const std::string knobs = test_effect("knobs"), latency = test_effect("latency");
  const auto names = [&] {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(studio.path(""))) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with(".preset.lv2")) found.insert(name);
    }
    return found;
  };
  using Names = std::set<std::string>;
  const std::vector<std::string> dirty{"-s", "mode=Dirty", "-b", "4", "-o"};
  const auto match = [&](std::vector<std::string> more, const std::string& output) {
    more.insert(more.end(), dirty.begin(), dirty.end());
    more.push_back(output);
    REQUIRE(studio.match(knobs, more).status == 0);
  };
  match({"-e", latency}, "out.wav");
  CHECK(names() == Names{"out.1.preset.lv2", "out.2.preset.lv2"});
  match({}, "out.wav");
  CHECK(names() == Names{"out.preset.lv2"});
  match({}, "out.1.wav");
  fs::create_directories(studio.path("out.2.preset.lv2"));
  std::ofstream(studio.path("out.2.preset.lv2") / "manifest.ttl") << "# by hand\n";
  REQUIRE(studio.match(test_effect("gain"), {"--keep-level", "-o", "out.wav"}).status == 0);
  CHECK(names() == Names{"out.1.preset.lv2", "out.2.preset.lv2"});  // of out.1.wav, and somebody's own
}

TEST_CASE("rate_channels_and_length_are_the_inputs_own") {
  const Studio studio;
  distort_reference(studio);
  const struct {
    unsigned rate, channels;
    double seconds;
  } rows[] = {{22050, 1, 0.73331}, {44100, 2, 0.50123}, {48000, 1, 0.61117}, {96000, 2, 0.30011}, {8000, 1, 0.9}};
  for (const auto& row : rows) {
    CAPTURE(row.rate);
    const auto mono = tune(row.rate, row.seconds, 4);
    program::write_wav(studio.path("x.wav"), row.channels == 2 ? stereo(mono) : mono, row.rate, row.channels);
    REQUIRE(
        studio({"match", "x.wav", "ref.wav", "-e", test_effect("knobs"), "--free", "mode", "-b", "8", "-o", "y.wav"})
            .status == 0);
    const auto both = studio({"distance", "x.wav", "y.wav", "--json"}).json()["recordings"];
    for (const char* key : {"sample_rate", "channels"}) CHECK(both[0][key] == both[1][key]);
    // Float samples: header of 112 bytes, then the frames, all of them.
    CHECK(fs::file_size(studio.path("y.wav")) == 112 + mono.size() * row.channels * 4);
  }
}

TEST_CASE("references_of_another_rate_or_channel_count_and_odd_levels_work") {
  const Studio studio;
  program::write_wav(studio.path("wide.wav"), stereo(tune(48000, 1.0, 5)), 48000, 2);
  program::write_wav(studio.path("low.wav"), tune(11025, 1.0, 6), 11025);
  recordings::write_float_wav(studio.path("quiet.wav"), tune(24000, 1.0, 7, 0.3e-4f), 24000);
  program::write_wav(studio.path("dc.wav"), std::vector<float>(24000, 0.5f), 24000);
  const std::vector<std::string> files{"in.wav", "wide.wav", "low.wav", "quiet.wav", "dc.wav"};
  for (const auto& input : files) {
    for (const auto& reference : files) {
      if (input == reference) continue;
      CAPTURE(input);
      CAPTURE(reference);
      const Run run = studio({"match", input, reference, "-e", test_effect("knobs"), "--free", "mode", "-b", "4", "-o",
                              "out.wav", "--json"});
      CAPTURE(run.err);
      REQUIRE(run.status == 0);
      CHECK(run.json()["output"]["true_peak_db"].is_number());
      CHECK(studio({"render", input, "-r", "out.recipe.json", "-o", "again.wav"}).status == 0);
      CHECK(bytes_of(studio.path("again.wav")) == bytes_of(studio.path("out.wav")));
    }
  }
}

TEST_CASE("latency_is_taken_out_of_a_chain") {
  const Studio studio;
  const std::string knobs = test_effect("knobs");
  REQUIRE(studio({"render", "in.wav", "-e", knobs, "-s", "mode=Dirty", "-o", "a.wav"}).status == 0);
  REQUIRE(studio({"render", "in.wav", "-e", knobs, "-e", test_effect("latency"), "-s", "mode=Dirty", "-o", "b.wav"})
              .status == 0);
  CHECK(bytes_of(studio.path("a.wav")) == bytes_of(studio.path("b.wav")));
}

TEST_CASE("candidates_are_ranked_and_one_that_fails_or_crashes_is_only_warned_about") {
  const Studio studio;
  distort_reference(studio);
  const std::pair<std::string, std::string> rows[] = {{"refuses", "Test Refuses: "}, {"crash", "Test Crash: "}};
  for (const auto& [broken, warning] : rows) {
    const auto& shown = broken;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown);
    const Run run = studio({"match", "in.wav", "ref.wav", "--choose", "-e", test_effect("gain"), "-e",
                            test_effect(broken), "-e", test_effect("knobs"), "-b", "16", "-o", "out.wav", "--json"});
    CAPTURE(run.err);
    REQUIRE(run.status == 0);
    CHECK(holds(run.err, warning));
    const auto ranking = run.json()["ranking"];
    REQUIRE(ranking.size() == 2);
    CHECK(ranking[0]["distance"] <= ranking[1]["distance"]);
    for (const auto& row : ranking) CHECK(row["effect"] != "lv2:" + test_effect(broken));
    CHECK(run.json()["recipe"]["effects"][0]["effect"] == ranking[0]["effect"]);
  }
}

TEST_CASE("the_clock_ends_a_search") {
  const Studio studio;
  const Run run = studio.match(test_effect("knobs"),
                               {"-b", "1000000", "--seconds", "0.2", "--free", "mode", "-o", "out.wav", "--json"});
  REQUIRE(run.status == 0);
  CHECK(run.json()["stopped"] == true);
  CHECK(run.json()["renders"] > 0);
  CHECK(run.json()["renders"] < 1000000);
  CHECK(holds(run.err, "the best so far is kept"));
}

TEST_CASE("the_first_interrupt_keeps_the_best_so_far") {
  const Studio studio;
  distort_reference(studio);
  for (const int signal : {SIGINT, SIGTERM}) {
    const Run run = studio({"match", "in.wav", "ref.wav", "-e", test_effect("knobs"), "--free", "mode", "-b", "1000000",
                            "-o", "out.wav", "--json"},
                           {.signal = signal, .signal_after = "\"progress\""});
    CAPTURE(run.err);
    CHECK(run.status == 130);
    CHECK(holds(run.err, "stopping"));
    CHECK(run.json()["stopped"] == true);
    CHECK(studio({"render", "in.wav", "-r", "out.recipe.json", "-o", "again.wav"}).status == 0);
    CHECK(bytes_of(studio.path("again.wav")) == bytes_of(studio.path("out.wav")));
    CHECK_FALSE(has_hidden_files(studio));
    CHECK(left_behind(studio) == 0);
    fs::remove(studio.path("out.wav"));
  }
}

TEST_CASE("the_second_interrupt_ends_at_once_and_leaves_nothing_half_written") {
  const Studio studio;
  distort_reference(studio);
  program::write_wav(studio.path("in.wav"), tune(24000, 60.0, 1), 24000);
  const std::string script =
      "\"$0\" match in.wav ref.wav -e urn:soundalike:test:knobs -b 1000000 -o out.wav --json 2>cache/err >/dev/null & "
      "p=$!;"
      "until grep -q '\"progress\"' cache/err; do kill -0 $p || exit 1; done; kill -INT $p;"
      "until grep -q stopping cache/err; do kill -0 $p || exit 1; done; kill -INT $p; wait $p";
  const Run run =
      program::run({"sh", "-c", script, (fs::path(std::getenv("SOUNDALIKE_BIN")) / "soundalike").string()},
                   {.environment = {{"LV2_PATH", std::string(std::getenv("SOUNDALIKE_BUILD")) + "/tests/plugins"},
                                    {"LADSPA_PATH", "/nonexistent"},
                                    {"VST3_PATH", "/nonexistent"},
                                    {"XDG_CACHE_HOME", studio.path("cache").string()}},
                    .folder = studio.path("")});
  CHECK(run.status == 130);
  CHECK_FALSE(has_hidden_files(studio));
  if (fs::exists(studio.path("out.wav"))) CHECK(studio({"distance", "in.wav", "out.wav"}).status == 0);
  // Workers die with the program; the kernel needs a moment that a run of the program gives.
  CHECK(studio({"effects", "show", test_effect("knobs")}).status == 0);
  CHECK(left_behind(studio) == 0);
}

TEST_CASE("the_knobs_of_an_overdrive_are_found_on_another_tune") {
  const Studio studio(Studio::Plugins::all);
  const std::string overdrive = "http://drobilla.net/plugins/mda/Overdrive";
  if (!studio.has(overdrive)) {
    MESSAGE("skipped: the mda plugins (package mda-lv2) are not installed");
    return;
  }
  program::write_wav(studio.path("in.wav"), tune(24000, 2.0, 1), 24000);
  program::write_wav(studio.path("clean.wav"), tune(24000, 2.0, 2), 24000);
  REQUIRE(
      studio({"render", "clean.wav", "-e", overdrive, "-s", "drive=0.7", "-s", "muffle=0.6", "-o", "ref.wav"}).status ==
      0);
  REQUIRE(studio.match(overdrive, {"-b", "120", "-o", "out.wav"}).status == 0);
  const auto recipe = recipe_of(studio, "out.recipe.json");
  // Plain tones, which the controller has not heard the like of.
  CHECK(std::abs(setting_of(recipe, "drive") - 0.7) < 0.15);
  CHECK(std::abs(setting_of(recipe, "muffle") - 0.6) < 0.15);
  CHECK(recipe["found"]["distance_after"].get<double>() < 0.7 * recipe["found"]["distance_before"].get<double>());
  REQUIRE(studio({"render", "in.wav", "-r", "out.recipe.json", "-o", "again.wav"}).status == 0);
  CHECK(bytes_of(studio.path("again.wav")) == bytes_of(studio.path("out.wav")));
  // So does a search that starts without it.
  REQUIRE(studio.match(overdrive, {"-b", "120", "--init", "default", "-o", "searched.wav"}).status == 0);
  const auto searched = recipe_of(studio, "searched.recipe.json");
  CHECK(std::abs(setting_of(searched, "drive") - 0.7) < 0.15);
  CHECK(std::abs(setting_of(searched, "muffle") - 0.6) < 0.15);
}

TEST_CASE("half_the_amount_is_half_way_from_the_neutral_to_the_found_settings") {
  const Studio studio(Studio::Plugins::all);
  const struct {
    std::string effect, profile, knob, value;
  } rows[] = {{"http://drobilla.net/plugins/mda/Overdrive", "mda-overdrive.json", "drive", "0.7"},
              {"http://drobilla.net/plugins/mda/Ambience", "mda-ambience.json", "mix", "0.8"}};
  fs::rename(studio.path("ref.wav"), studio.path("clean.wav"));
  for (const auto& row : rows) {
    CAPTURE(row.effect);
    if (!studio.has(row.effect)) {
      MESSAGE("skipped: the mda plugins (package mda-lv2) are not installed");
      return;
    }
    REQUIRE(
        studio({"render", "clean.wav", "-e", row.effect, "-s", row.knob + "=" + row.value, "-o", "ref.wav"}).status ==
        0);
    REQUIRE(studio.match(row.effect, {"-o", "whole.wav"}).status == 0);
    const Run run = studio.match(row.effect, {"--amount", "50%", "-o", "half.wav"});
    REQUIRE(run.status == 0);
    CHECK_FALSE(holds(run.err, "dry signal"));
    const auto profile =
        nlohmann::ordered_json::parse(bytes_of(fs::path(std::getenv("SOUNDALIKE_SOURCE")) / "profiles" / row.profile));
    const auto whole = recipe_of(studio, "whole.recipe.json"), half = recipe_of(studio, "half.recipe.json");
    double moved = 0.0;
    for (const auto& [knob, neutral] : profile["neutral"].items()) {
      const auto& shown = knob;  // lambdas of Clang 14 take no structured bindings
      CAPTURE(shown);
      const double found = setting_of(whole, knob);
      CHECK(setting_of(half, knob) == doctest::Approx(0.5 * (neutral.get<double>() + found)));
      moved = std::max(moved, std::abs(found - neutral.get<double>()));
    }
    CHECK(moved > 0.1);
    CHECK(half["wet"] == 1.0);
    REQUIRE(studio({"render", "in.wav", "-r", "half.recipe.json", "-o", "again.wav"}).status == 0);
    CHECK(bytes_of(studio.path("again.wav")) == bytes_of(studio.path("half.wav")));
    CHECK(bytes_of(studio.path("half.wav")) != bytes_of(studio.path("whole.wav")));
  }
}
