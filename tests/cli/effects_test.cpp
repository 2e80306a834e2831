// `soundalike effects` and `soundalike effects show`, end to end, on the mda plugins and nothing else that may be
// installed.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "cli/run_program.hpp"

namespace {

namespace fs = std::filesystem;
using program::Run;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) result.push_back(line);
  return result;
}

// An LV2 folder that holds the mda plugins and the specifications, and a cache of its own.
class Library {
 public:
  Library() {
    for (const fs::path root : {"/usr/lib/lv2", "/usr/local/lib/lv2", "/usr/lib64/lv2"}) {
      if (!fs::exists(root / "mda.lv2")) continue;
      fs::create_directory(folder_ / "lv2");
      fs::create_directory(folder_ / "cache");
      fs::create_directory_symlink(root / "mda.lv2", folder_ / "lv2" / "mda.lv2");
      for (const char* specification : {"core.lv2", "lv2core.lv2", "units.lv2", "port-props.lv2", "port-groups.lv2"}) {
        if (fs::exists(root / specification)) {
          fs::create_directory_symlink(root / specification, folder_ / "lv2" / specification);
        }
      }
      there_ = true;
      return;
    }
    MESSAGE("skipped: the mda plugins (package mda-lv2) are not installed");
  }
  bool there() const { return there_; }
  Run operator()(std::vector<std::string> arguments, program::RunOptions options = {}) const {
    arguments.insert(arguments.begin(), "effects");
    options.environment = {{"LV2_PATH", (folder_ / "lv2").string()},
                           {"LADSPA_PATH", "/nonexistent"},
                           {"VST3_PATH", "/nonexistent"},
                           {"XDG_CACHE_HOME", (folder_ / "cache").string()},
                           {"XDG_CONFIG_HOME", (folder_ / "config").string()},
                           {"SOUNDALIKE_PROFILES", ""}};
    return program::soundalike(arguments, options);
  }

 private:
  program::TempFolder folder_;
  bool there_ = false;
};

std::set<std::string> names(const Run& run) {
  std::set<std::string> result;
  const auto list = run.json()["effects"];
  for (const auto& effect : list) result.insert(effect["name"].get<std::string>());
  return result;
}

}  // namespace

TEST_CASE("effects_lists_what_can_be_used") {
  const Library effects;
  if (!effects.there()) return;
  const Run run = effects({"--format", "lv2", "--json"});
  CHECK(run.status == 0);
  CHECK(run.err.empty());
  CHECK(names(run).contains("MDA Overdrive"));
  CHECK_FALSE(names(run).contains("MDA ePiano"));  // an instrument
  const auto list = run.json()["effects"];
  for (const auto& effect : list) {
    CHECK(effect["usable"] == true);
    CHECK(effect["pack"] == "mda");
    CHECK(effect["audio_inputs"].get<int>() >= 1);
    CHECK(effect["id"].get<std::string>().starts_with("lv2:"));
  }
  CHECK(run.json()["count"] == run.json()["effects"].size());
  // The second run reads the cache and says the same.
  CHECK(effects({"--format", "lv2", "--json"}).out == run.out);
}

TEST_CASE("people_get_one_line_per_effect") {
  const Library effects;
  if (!effects.there()) return;
  const Run run = effects({});
  CHECK(run.status == 0);
  const auto rows = lines(run.out);
  REQUIRE(rows.size() > 3);
  CHECK(rows[0].starts_with("name "));
  const std::size_t column = rows[0].find("class");
  for (const std::string& row : rows) {
    if (!row.starts_with("MDA ")) continue;
    CHECK(row[column - 1] == ' ');
    CHECK(row[column] != ' ');
  }
  CHECK(static_cast<std::size_t>(std::ranges::count_if(rows, [](const auto& row) {
          return row.starts_with("MDA ");
        })) == names(effects({"--format", "lv2", "--json"})).size());
}

TEST_CASE("all_shows_the_others_with_their_reasons") {
  const Library effects;
  if (!effects.there()) return;
  const Run run = effects({"--all", "--json"});
  bool piano = false;
  const auto list = run.json()["effects"];
  for (const auto& effect : list) {
    CHECK(effect["usable"].get<bool>() == !effect.contains("unusable"));
    if (effect["name"] != "MDA ePiano") continue;
    piano = true;
    CHECK_FALSE(effect["unusable"].get<std::string>().empty());
  }
  CHECK(piano);
  CHECK(holds(effects({"--all"}).out, "cannot be used because"));
}

TEST_CASE("filters_narrow_the_list") {
  const Library effects;
  if (!effects.there()) return;
  CHECK(names(effects({"OVERDRIVE", "--json"})) == std::set<std::string>{"MDA Overdrive"});
  CHECK(names(effects({"mda", "overdrive", "--json"})) == std::set<std::string>{"MDA Overdrive"});
  CHECK(names(effects({"--pack", "MDA", "--json"})) == names(effects({"--format", "lv2", "--json"})));
  const Run reverbs = effects({"--class", "reverb", "--json"});
  CHECK(names(reverbs).contains("MDA Ambience"));
  CHECK_FALSE(names(reverbs).contains("MDA Overdrive"));
  CHECK(effects({"--class", "reverb", "--class", "distortion", "--json"}).json()["count"] > reverbs.json()["count"]);
}

TEST_CASE("classes_are_counted") {
  const Library effects;
  if (!effects.there()) return;
  const Run run = effects({"--classes", "--json"});
  int sum = 0;
  const auto classes = run.json()["classes"];
  for (const auto& row : classes) sum += row["effects"].get<int>();
  CHECK(sum == run.json()["count"].get<int>());
  CHECK(run.json()["count"] == effects({"--json"}).json()["count"]);
  CHECK(holds(effects({"--classes"}).out, "Reverb"));
}

TEST_CASE("names_are_for_scripts") {
  const Library effects;
  if (!effects.there()) return;
  const auto rows = lines(effects({"--names"}).out);
  CHECK(std::set<std::string>(rows.begin(), rows.end()) == names(effects({"--json"})));
  CHECK(effects({"--names", "nothing-like-it"}).status == 0);
}

TEST_CASE("what_is_not_there_is_told_with_what_may_be_meant") {
  const Library effects;
  if (!effects.there()) return;
  const Run typo = effects({"MDA overdrve"});
  CHECK(typo.status == 3);
  CHECK(holds(typo.err, "MDA Overdrive"));
  const Run command = effects({"shwo"});
  CHECK(command.status == 3);
  CHECK(holds(command.err, "soundalike effects show"));
  const Run klass = effects({"--class", "Revreb"});
  CHECK(klass.status == 3);
  CHECK(holds(klass.err, "did you mean 'Reverb'?"));
  CHECK(effects({"zzz", "--json"}).json()["error"]["code"] == "not_found");
}

TEST_CASE("show_tells_every_knob_and_what_matching_does_with_it") {
  const Library effects;
  if (!effects.there()) return;
  const Run run = effects({"show", "MDA Overdrive", "--json"});
  REQUIRE(run.status == 0);
  const auto shown = run.json();
  CHECK(shown["name"] == "MDA Overdrive");
  CHECK(shown["knobs"] == shown["parameters"].size());
  REQUIRE(shown["parameters"].size() >= 3);
  for (const auto& parameter : shown["parameters"]) {
    CHECK(parameter["minimum"].get<double>() <= parameter["default"].get<double>());
    CHECK(parameter["default"].get<double>() <= parameter["maximum"].get<double>());
    CHECK_FALSE(parameter["default_text"].get<std::string>().empty());
    const double low = parameter["matching"]["low"], high = parameter["matching"]["high"];
    CHECK(low <= high);
    CHECK((parameter["matching"]["free"].get<bool>() || parameter["matching"].contains("setting_text")));
  }
  const Run text = effects({"show", "MDA Overdrive"});
  for (const auto& parameter : shown["parameters"]) {
    CHECK(holds(text.out, parameter["name"].get<std::string>()));
    CHECK(holds(text.out, parameter["id"].get<std::string>()));
  }
  CHECK(holds(text.out, shown["id"].get<std::string>()));
}

TEST_CASE("show_takes_a_name_a_uri_or_an_id") {
  const Library effects;
  if (!effects.there()) return;
  const std::string out = effects({"show", "MDA Overdrive"}).out;
  const std::string id = effects({"show", "MDA Overdrive", "--json"}).json()["id"];
  CHECK(effects({"show", id}).out == out);
  CHECK(effects({"show", id.substr(4)}).out == out);
  CHECK(effects({"show", "mda overdrive"}).out == out);
}

TEST_CASE("show_refuses_what_it_cannot_show") {
  const Library effects;
  if (!effects.there()) return;
  const Run unknown = effects({"show", "MDA Overdrve"});
  CHECK(unknown.status == 3);
  CHECK(holds(unknown.err, "MDA Overdrive"));
  const Run instrument = effects({"show", "MDA ePiano", "--json"});
  CHECK(instrument.status == 5);
  CHECK(instrument.json()["error"]["code"] == "unsupported");
  CHECK(effects({"show"}).status == 2);
}

TEST_CASE("a_reader_that_leaves_early_is_no_error_for_a_long_list") {
  const Library effects;
  if (!effects.there()) return;
  const Run run = effects({"--all"}, {.out = program::RunOptions::Stdout::closed});
  CHECK(run.status == 0);
  CHECK(run.err.empty());
}
