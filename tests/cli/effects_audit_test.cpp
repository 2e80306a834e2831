// `soundalike effects audit`, end to end, on the project's own test plugins.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "cli/run_program.hpp"

namespace {

using program::Run;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

class Plugins {
 public:
  Run operator()(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "effects");
    program::RunOptions options;
    options.environment = {{"LV2_PATH", std::string(std::getenv("SOUNDALIKE_BUILD")) + "/tests/plugins"},
                           {"LADSPA_PATH", "/nonexistent"},
                           {"XDG_CACHE_HOME", folder_.path().string()}};
    return program::soundalike(arguments, options);
  }
  std::string read(const char* name) const {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string file(const char* name) const { return (folder_ / name).string(); }

 private:
  program::TempFolder folder_;
};

}  // namespace

TEST_CASE("an_audit_writes_its_tables_and_the_second_one_knows_the_first") {
  const Plugins effects;
  const Run first = effects(
      {"audit", "test", "gain", "--rate", "24000", "--csv", effects.file("a.csv"), "--markdown", effects.file("a.md")});
  CAPTURE(first.err);
  REQUIRE(first.status == 0);
  CHECK(holds(first.out, "100.0 % give audio at 24000 Hz"));
  CHECK(holds(first.out, "plugins are held by: "));
  CHECK_FALSE(holds(first.out, "known from earlier"));
  CHECK(holds(effects.read("a.csv"), "\"lv2:urn:soundalike:test:gain\",\"Test Gain\",lv2,"));
  CHECK(holds(effects.read("a.csv"), ",24000,renders,"));
  CHECK(holds(effects.read("a.md"), "| lv2 | all | 24000 | 2 | 2 |"));
  CHECK(holds(effects({"audit", "test", "gain", "--rate", "24000"}).out, "2 of them known from earlier"));
}

TEST_CASE("commands_warn_of_an_effect_that_an_audit_found_broken") {
  const Plugins effects;
  CHECK_FALSE(holds(effects({"show", "Test Crash"}).err, "audit"));
  const Run audit = effects({"audit", "Test Crash", "--json"});
  REQUIRE(audit.status == 0);
  const auto document = audit.json();
  CHECK(document["count"] == 1);
  CHECK(document["effects"][0]["verdicts"][0]["status"] == "crashed");
  CHECK(holds(document["effects"][0]["verdicts"][0]["reason"].get<std::string>(), "SIGSEGV"));
  CHECK(holds(effects({"show", "Test Crash"}).err, "the last audit at 48000 Hz found of 'Test Crash': crashed"));
}

TEST_CASE("an_audit_of_nothing_is_an_error") {
  const Plugins effects;
  const Run run = effects({"audit", "no", "such", "effect"});
  CHECK(run.status == 3);
  CHECK(holds(run.err, "no installed effect matches"));
}
