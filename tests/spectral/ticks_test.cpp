#include "spectral/ticks.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace soundalike;

TEST_CASE("time_ticks_are_few_even_and_inside_for_any_length") {
  for (double seconds = 0.001; seconds < 1e6; seconds *= 1.37) {
    CAPTURE(seconds);
    const auto ticks = time_ticks(seconds, 11);
    CHECK(ticks.size() >= 3);
    CHECK(ticks.size() <= 12);
    CHECK(ticks.front().value == 0.0);
    CHECK(ticks.back().value <= seconds * (1.0 + 1e-9));
    for (std::size_t i = 1; i < ticks.size(); ++i) {
      CHECK(ticks[i].value == doctest::Approx(ticks[1].value * double(i)));
      CHECK(ticks[i].label != ticks[i - 1].label);
    }
  }
}

TEST_CASE("time_labels_count_in_what_the_unit_says") {
  CHECK(time_ticks(5.5, 11)[1].label == "0.5");
  CHECK(std::string(time_unit(5.5)) == "seconds");
  CHECK(time_ticks(600.0, 11)[1].label == "1:00");
  CHECK(std::string(time_unit(600.0)) == "min:s");
  CHECK(time_ticks(7200.0, 11)[1].label == "0:15:00");
  CHECK(std::string(time_unit(7200.0)) == "h:min:s");
}

TEST_CASE("frequency_ticks_say_kilohertz_and_stay_in_range") {
  const auto ticks = frequency_ticks(40.0, 4000.0);
  REQUIRE(!ticks.empty());
  CHECK(ticks.front().label == "1");
  for (const Tick& tick : ticks) {
    CHECK(tick.value <= 4000.0);
    CHECK(std::stod(tick.label) == doctest::Approx(tick.value / 1000.0));
  }
}

TEST_CASE("level_ticks_are_the_multiples_of_20_dB_in_range") {
  const auto ticks = level_ticks(-83.0, -3.0);
  REQUIRE(ticks.size() == 4);
  CHECK(ticks.front().label == "-20");
  CHECK(ticks.back().label == "-80");
}
