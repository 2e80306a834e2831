#include "soundalike/profile.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "soundalike/error.hpp"

using namespace soundalike;

namespace {

std::string with_knob(const std::string& knob) {
  return R"({"format": 1, "effect": "lv2:urn:a", "knobs": {"drive": )" + knob + "}}";
}

std::string parse_error(const std::string& json) {
  try {
    parse_profile(json, "drive.json");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    return error.what();
  }
  return "no error";
}

Profile example() {
  Profile profile;
  profile.effect = "lv2:urn:a";
  profile.name = "A \"quoted\" näme";
  profile.block_size = 64;
  profile.knobs["mix"] = {.free = false, .setting = 1.0f / 3.0f, .klass = KnobClass::gain, .reason = "level only"};
  profile.knobs["drive"] = {.setting = 0.7f, .low = 0.2f, .high = 0.9f, .step = 0.04f, .klass = KnobClass::rough};
  profile.probe_json = R"({"renders":12,"a":{"nested":[1,2.5,"x\ny"]}})";
  return profile;
}

}  // namespace

TEST_CASE("a_profile_reads_back_as_it_was_written") {
  const Profile written = example();
  const Profile read = parse_profile(to_json(written), "x");
  CHECK(read.effect == written.effect);
  CHECK(read.name == written.name);
  CHECK(read.block_size == 64);
  CHECK(read.probe_json == written.probe_json);
  REQUIRE(read.knobs.size() == 2);
  for (const auto& [id, knob] : written.knobs) {
    const Profile::Knob& back = read.knobs.at(id);
    CHECK(back.free == knob.free);
    CHECK(back.setting == knob.setting);
    CHECK(back.low == knob.low);
    CHECK(back.high == knob.high);
    CHECK(back.step == knob.step);
    CHECK(back.klass == knob.klass);
    CHECK(back.reason == knob.reason);
  }
  CHECK(!read.neutral);
  CHECK(to_json(read) == to_json(written));
}

TEST_CASE("the_neutral_setting_of_an_effect_reads_back_as_it_was_written") {
  Profile written = example();
  written.neutral = std::map<std::string, float>{{"drive", 0.0f}, {"mix", 1.0f / 3.0f}};
  const Profile read = parse_profile(to_json(written), "x");
  CHECK(read.neutral == written.neutral);
  CHECK(parse_error(R"({"format": 1, "effect": "lv2:urn:a", "knobs": {}, "neutral": {"drive": 2}})")
            .find("neutral.drive") != std::string::npos);
}

TEST_CASE("profile_text_has_a_fixed_key_order_and_short_numbers") {
  CHECK(to_json(example()) == R"({
  "format": 1,
  "effect": "lv2:urn:a",
  "name": "A \"quoted\" näme",
  "block_size": 64,
  "knobs": {
    "drive": {"free": true, "setting": 0.7, "low": 0.2, "high": 0.9, "step": 0.04, "class": "rough"},
    "mix": {"free": false, "setting": 0.33333334, "low": 0, "high": 1, "step": 0.01, "class": "gain", "reason": "level only"}
  },
  "probe": {
    "renders": 12,
    "a": {
      "nested": [
        1,
        2.5,
        "x\ny"
      ]
    }
  }
}
)");
}

TEST_CASE("only_free_and_setting_are_needed_to_write_a_knob_by_hand") {
  const Profile profile = parse_profile(with_knob(R"({"free": true, "setting": 0.25})"), "x");
  const Profile::Knob& knob = profile.knobs.at("drive");
  CHECK(knob.low == 0.0f);
  CHECK(knob.high == 1.0f);
  CHECK(knob.step == 0.01f);
  CHECK(knob.klass == KnobClass::smooth);
  CHECK(profile.block_size == 1024);
  CHECK(profile.probe_json == "{}");
}

TEST_CASE("profile_errors_name_the_file_the_key_what_was_found_and_what_is_needed") {
  CHECK(parse_error("{\n \"format\": 1,\n oops}") ==
        "cannot read profile 'drive.json': it is not JSON from line 3, column 2 on");
  CHECK(parse_error("[1]") == "cannot read profile 'drive.json': it holds [1]; an object is needed");
  CHECK(parse_error("") == "cannot read profile 'drive.json': it is not JSON from line 1, column 1 on");
  CHECK(parse_error("{}") == "cannot read profile 'drive.json': 'format' is missing");
  CHECK(parse_error(R"({"format": 2})") ==
        "cannot read profile 'drive.json': 'format' is 2; 1 (the format this program knows) is needed");
  CHECK(parse_error(R"({"format": 1, "effect": "mda", "knobs": {}})") ==
        R"(cannot read profile 'drive.json': 'effect' is "mda"; an id like "lv2:<uri>" is needed)");
  CHECK(parse_error(R"({"format": 1, "effect": "lv2:a", "block_size": 0.5, "knobs": {}})") ==
        "cannot read profile 'drive.json': 'block_size' is 0.5; a whole number from 1 to 65536 is needed");
  CHECK(parse_error(R"({"format": 1, "effect": "lv2:a", "knobs": {}, "knob": 3})") ==
        "cannot read profile 'drive.json': unknown key 'knob'; known here: format, effect, name, block_size, knobs, "
        "neutral, probe");
  CHECK(parse_error(R"({"format": 1, "effect": "lv2:a", "effect": "lv2:b", "knobs": {}})") ==
        "cannot read profile 'drive.json': the key 'effect' stands twice in one object");
  CHECK(parse_error(with_knob("3")) == "cannot read profile 'drive.json': 'knobs.drive' is 3; an object is needed");
  CHECK(parse_error(with_knob(R"({"free": 1, "setting": 0})")) ==
        "cannot read profile 'drive.json': 'knobs.drive.free' is 1; true or false is needed");
  CHECK(parse_error(with_knob(R"({"free": true})")) ==
        "cannot read profile 'drive.json': 'knobs.drive.setting' is missing");
  CHECK(parse_error(with_knob(R"({"free": true, "setting": 1.5})")) ==
        "cannot read profile 'drive.json': 'knobs.drive.setting' is 1.5; a number from 0 to 1 is needed");
  CHECK(parse_error(with_knob(R"({"free": true, "setting": "0.5"})")) ==
        R"(cannot read profile 'drive.json': 'knobs.drive.setting' is "0.5"; a number from 0 to 1 is needed)");
  CHECK(
      parse_error(with_knob(R"({"free": true, "setting": 0, "class": "soft"})")) ==
      R"(cannot read profile 'drive.json': 'knobs.drive.class' is "soft"; one of smooth, rough, stepped, gain, dead is needed)");
  CHECK(parse_error(with_knob(R"({"free": true, "setting": 0, "hihg": 1})")) ==
        "cannot read profile 'drive.json': unknown key 'knobs.drive.hihg'; known here: free, setting, low, high, step, "
        "class, reason");
  CHECK(parse_error(with_knob(R"({"free": true, "setting": 0.5, "low": 0.6, "high": 0.4})")) ==
        "cannot read profile 'drive.json': 'knobs.drive' is searched from low 0.6 to high 0.4; low must be below high");
  CHECK(
      parse_error(with_knob(R"({"free": true, "setting": 0.1, "low": 0.2})")) ==
      "cannot read profile 'drive.json': 'knobs.drive.setting' is 0.1; a search starts there, so it must lie from low "
      "0.2 to high 1");
  CHECK(parse_error(with_knob(R"({"free": true, "setting": 0.1, "step": 0})")) ==
        "cannot read profile 'drive.json': 'knobs.drive.step' is 0; a number above 0, at most 0.5, is needed");
  CHECK(parse_error(with_knob(R"({"free": true, "setting": 1e999})")) ==
        "cannot read profile 'drive.json': a number in it is out of range");
}

TEST_CASE("a_missing_profile_file_is_not_found") {
  try {
    read_profile("/nowhere/x.json");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::not_found);
    CHECK(std::string(error.what()) == "cannot read profile '/nowhere/x.json': no such file");
  }
}

TEST_CASE("a_folder_in_place_of_a_profile_is_an_io_error") {
  try {
    read_profile(std::filesystem::temp_directory_path());
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::io);
  }
}

TEST_CASE("probe_results_that_are_not_a_json_object_are_refused_not_written") {
  Profile profile = example();
  profile.probe_json = "[1, 2";
  CHECK_THROWS_AS(to_json(profile), Error);
}
