#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <optional>
#include <string>

#include "effect/temporary_bundles.hpp"
#include "soundalike/error.hpp"
#include "soundalike/profile.hpp"

using namespace soundalike;
using namespace soundalike::test;
namespace fs = std::filesystem;

namespace {

/// Sets an environment variable and puts the old value back.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    if (const char* old = getenv(name)) old_ = old;
    setenv(name, value.c_str(), 1);
  }
  ~Environment() { old_ ? setenv(name_, old_->c_str(), 1) : unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

EffectListing listing() {
  EffectListing result;
  result.info.id = "lv2:urn:test:a";
  result.info.name = "Test A";
  result.parameters = {
      {.id = "drive", .name = "Drive", .unit = "", .default_plain = 0.25f, .choices = {}},
      {.id = "steps", .name = "Steps", .unit = "", .kind = ParameterKind::integer, .maximum = 4.0f, .choices = {}},
      {.id = "mode",
       .name = "Mode",
       .unit = "",
       .kind = ParameterKind::choice,
       .choices = {{0.0f, "low"}, {1.0f, "high"}}},
      {.id = "on", .name = "On", .unit = "", .kind = ParameterKind::toggle, .default_plain = 1.0f, .choices = {}},
      {.id = "tap", .name = "Tap", .unit = "", .choices = {}, .trigger = true},
      {.id = "p5", .name = "Bypass amount", .unit = "", .default_plain = 0.0f, .choices = {}},
      {.id = "none", .name = "None", .unit = "", .minimum = 1.0f, .default_plain = 1.0f, .choices = {}},
      {.id = "out", .name = "Output gain", .unit = "dB", .minimum = -20.0f, .maximum = 20.0f, .choices = {}},
  };
  return result;
}

std::string profile(const std::string& effect, const std::string& knob, float setting) {
  Profile result;
  result.effect = effect;
  result.knobs[knob] = {.free = false, .setting = setting};
  return to_json(result);
}

struct Folders {
  TempFolder folder;
  fs::path named = folder.path() / "named";
  fs::path config = folder.path() / "config/soundalike/profiles";
  Environment profiles{"SOUNDALIKE_PROFILES", named.string()};
  Environment configuration{"XDG_CONFIG_HOME", (folder.path() / "config").string()};

  Folders() {
    fs::create_directories(named);
    fs::create_directories(config);
  }
};

std::string find_error(ErrorCode code) {
  try {
    find_profile(listing());
  } catch (const Error& error) {
    CHECK(error.code() == code);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("metadata_frees_continuous_and_integer_knobs_and_fixes_the_rest_at_their_defaults") {
  const Profile profile = Profile::from_metadata(listing());
  CHECK(profile.effect == "lv2:urn:test:a");
  CHECK(profile.name == "Test A");
  REQUIRE(profile.knobs.size() == 8);
  CHECK(profile.knobs.at("drive").free);
  CHECK(profile.knobs.at("drive").setting == 0.25f);
  CHECK(profile.knobs.at("drive").klass == KnobClass::smooth);
  CHECK(profile.knobs.at("steps").free);
  CHECK(profile.knobs.at("steps").step == 0.25f);
  CHECK(profile.knobs.at("steps").klass == KnobClass::stepped);
  CHECK(profile.knobs.at("out").free);
  CHECK(profile.knobs.at("out").setting == 0.5f);
  CHECK(!profile.knobs.at("mode").free);
  CHECK(profile.knobs.at("mode").reason == "a choice");
  CHECK(!profile.knobs.at("on").free);
  CHECK(profile.knobs.at("on").setting == 1.0f);
  CHECK(!profile.knobs.at("tap").free);
  CHECK(!profile.knobs.at("p5").free);
  CHECK(!profile.knobs.at("none").free);
  CHECK(parse_profile(to_json(profile), "x").knobs.size() == 8);
}

TEST_CASE_FIXTURE(Folders, "without_a_written_profile_the_metadata_decides") {
  CHECK(to_json(find_profile(listing())) == to_json(Profile::from_metadata(listing())));
}

TEST_CASE_FIXTURE(Folders, "the_named_folder_comes_before_the_configuration_folder_file_names_are_free") {
  write_text(config / "whatever.json", profile("lv2:urn:test:a", "drive", 0.75f));
  CHECK(find_profile(listing()).knobs.at("drive").setting == 0.75f);
  write_text(named / "other name.json", profile("lv2:urn:test:a", "drive", 0.5f));
  write_text(named / "unrelated.json", profile("lv2:urn:test:b", "drive", 0.125f));
  const Profile found = find_profile(listing());
  CHECK(found.knobs.at("drive").setting == 0.5f);
  CHECK(found.name == "Test A");
  // What the profile does not name is as if there were none.
  CHECK(found.knobs.size() == 8);
  CHECK(found.knobs.at("steps").free);
  CHECK(!found.knobs.at("mode").free);
}

TEST_CASE_FIXTURE(Folders, "a_profile_with_a_knob_the_effect_lacks_is_refused") {
  write_text(named / "a.json", profile("lv2:urn:test:a", "dirve", 0.5f));
  CHECK(find_error(ErrorCode::invalid_argument) ==
        "cannot use profile '" + (named / "a.json").string() +
            "': 'Test A' has no parameter 'dirve' (soundalike effects show lists them)");
}

TEST_CASE_FIXTURE(Folders, "two_profiles_of_one_effect_in_a_folder_are_refused") {
  write_text(named / "a.json", profile("lv2:urn:test:a", "drive", 0.5f));
  write_text(named / "b.json", profile("lv2:urn:test:a", "drive", 0.25f));
  CHECK(find_error(ErrorCode::invalid_argument) == "cannot choose a profile for 'Test A': both '" +
                                                       (named / "a.json").string() + "' and '" +
                                                       (named / "b.json").string() + "' are for it; keep one");
}

TEST_CASE_FIXTURE(Folders, "a_folder_of_profiles_that_does_not_exist_is_an_error_when_it_was_named") {
  fs::remove(named);
  CHECK(find_error(ErrorCode::not_found) ==
        "cannot read profiles from '" + named.string() + "' (SOUNDALIKE_PROFILES): no such folder");
  fs::remove(config);
  const Environment empty("SOUNDALIKE_PROFILES", "");
  CHECK(find_profile(listing()).knobs.size() == 8);
}

TEST_CASE_FIXTURE(Folders, "a_profile_that_is_not_json_names_its_file") {
  write_text(named / "a.json", "{");
  CHECK(find_error(ErrorCode::invalid_argument) ==
        "cannot read profile '" + (named / "a.json").string() + "': it is not JSON from line 1, column 2 on");
}

TEST_CASE_FIXTURE(Folders, "every_profile_of_the_source_tree_is_valid_built_in_and_found_by_its_effect") {
  const char* source = getenv("SOUNDALIKE_SOURCE");
  REQUIRE_MESSAGE(source, "ctest sets SOUNDALIKE_SOURCE");
  const fs::path shipped = fs::path(source) / "profiles";
  if (!fs::exists(shipped)) return;
  for (const fs::directory_entry& entry : fs::directory_iterator(shipped)) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path());
    const Profile written = read_profile(entry.path());
    EffectListing effect;
    effect.info.id = written.effect;
    effect.info.name = written.name;
    for (const auto& [id, knob] : written.knobs)
      effect.parameters.push_back({.id = id, .name = id, .unit = "", .choices = {}});
    CHECK(to_json(find_profile(effect)) == to_json(written));
    CHECK(to_json(written) == read_text(entry.path()));
  }
}
