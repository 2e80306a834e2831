#include "soundalike/settings_space.hpp"

#include <doctest/doctest.h>

#include <array>

#include "soundalike/error.hpp"

using namespace soundalike;

namespace {

Parameter continuous(const char* id, const char* unit, float low, float high, float plain) {
  Parameter p;
  p.id = id;
  p.name = std::string("The ") + id;
  p.unit = unit;
  p.minimum = low;
  p.maximum = high;
  p.default_plain = plain;
  return p;
}

EffectListing example() {
  EffectListing listing;
  listing.info.id = "lv2:urn:example";
  listing.parameters = {continuous("gain", "dB", -20.0f, 20.0f, 0.0f), continuous("mix", "%", 0.0f, 100.0f, 30.0f)};
  Parameter mode;
  mode.id = "mode";
  mode.name = "Mode";
  mode.kind = ParameterKind::choice;
  mode.choices = {{0.0f, "Slow"}, {0.5f, "Medium"}, {1.0f, "Fast"}};
  mode.default_plain = 0.5f;
  Parameter bypass;
  bypass.id = "tape";
  bypass.name = "Tape";
  bypass.kind = ParameterKind::toggle;
  listing.parameters.push_back(mode);
  listing.parameters.push_back(bypass);
  return listing;
}

SettingsSpace one() {
  const EffectListing listing = example();
  Profile profile = Profile::from_metadata(listing);
  profile.knobs["gain"].low = 0.25f;
  profile.knobs["gain"].high = 0.75f;
  return {std::span(&listing, 1), std::span(&profile, 1)};
}

}  // namespace

TEST_CASE("expanding_maps_the_unit_box_onto_the_searched_ranges") {
  const SettingsSpace space = one();
  REQUIRE(space.free().size() == 2);
  const auto low = space.expand(std::array{0.0, 0.0});
  const auto high = space.expand(std::array{1.0, 1.0});
  CHECK(low[0] == 0.25f);
  CHECK(high[0] == 0.75f);
  CHECK(low[1] == 0.0f);
  CHECK(high[1] == 1.0f);
  CHECK(low[2] == space.base()[2]);
  CHECK(high[3] == space.base()[3]);
}

TEST_CASE("point_of_inverts_expand") {
  SettingsSpace space = one();
  space.release("mode");
  const std::vector<double> point{0.25, 0.875, 0.5};
  const auto back = space.point_of(space.expand(point));
  REQUIRE(back.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(back[i] == doctest::Approx(point[i]).epsilon(1e-6));
}

TEST_CASE("pins_take_values_as_people_write_them") {
  SettingsSpace space = one();
  space.pin("gain", "-10 dB");
  CHECK(space.base()[0] == doctest::Approx(0.25f));
  space.pin("The gain", "+10");
  CHECK(space.base()[0] == doctest::Approx(0.75f));
  space.pin("GAIN", "25%");
  CHECK(space.base()[0] == doctest::Approx(0.25f));
  space.pin("mix", "80 %");
  CHECK(space.base()[1] == doctest::Approx(0.8f));
  space.pin("mode", "fast");
  CHECK(space.parameters()[2].to_plain(space.base()[2]) == 1.0f);
  space.pin("tape", "on");
  CHECK(space.base()[3] == 1.0f);
  CHECK(space.free().empty());
}

TEST_CASE("a_pin_that_cannot_be_says_what_would_work") {
  SettingsSpace space = one();
  const auto message = [&](const char* knob, const char* value) {
    try {
      space.pin(knob, value);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  CHECK(message("gain", "30") == "cannot set 'gain' to '30': it takes -20 to 20 dB");
  CHECK(message("gain", "3 Hz") == "cannot set 'gain' to '3 Hz': it takes -20 to 20 dB");
  CHECK(message("gain", "nan") == "cannot set 'gain' to 'nan': it takes -20 to 20 dB");
  CHECK(message("mode", "Warp") == "cannot set 'mode' to 'Warp': it takes one of: Slow, Medium, Fast");
  CHECK(message("tape", "2") == "cannot set 'tape' to '2': it takes on or off");
  CHECK(message("gian", "1").find("no knob 'gian'; did you mean 'gain'? there are: ") == 0);
  CHECK(message("zzz", "1").find("no knob 'zzz'; there are: ") == 0);
  CHECK(space.free().size() == 2);  // nothing was pinned
}

TEST_CASE("released_knobs_are_searched_over_their_whole_range_choices_as_categories") {
  SettingsSpace space = one();
  space.release("mode");
  space.release("tape");
  space.release("gain");
  REQUIRE(space.free().size() == 4);
  CHECK(space.free()[0].low == 0.0f);
  CHECK(space.free()[2].categories == 3);
  CHECK(space.free()[3].categories == 2);
}

TEST_CASE("knobs_of_a_chain_are_told_apart_by_their_place") {
  const std::array chain{example(), example()};
  const std::array profiles{Profile::from_metadata(chain[0]), Profile::from_metadata(chain[1])};
  SettingsSpace space(chain, profiles);
  CHECK(space.parameters().size() == 8);
  CHECK(space.index_of("gain") == 0);
  CHECK(space.index_of("1.gain") == 0);
  CHECK(space.index_of("2.gain") == 4);
  CHECK_THROWS_WITH_AS(space.index_of("The gain"), "knob 'The gain' is ambiguous: say gain or 2.gain", Error);
}
