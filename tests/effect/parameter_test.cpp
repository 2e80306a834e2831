#include "soundalike/parameter.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using soundalike::Parameter;
using soundalike::ParameterKind;

TEST_CASE("linear_knob_reaches_both_ends_exactly_and_its_middle") {
  const Parameter p{.minimum = -24.0f, .maximum = 18.0f};
  CHECK(p.to_plain(0.0f) == -24.0f);
  CHECK(p.to_plain(1.0f) == 18.0f);
  CHECK(p.to_plain(0.5f) == -3.0f);
  CHECK(p.to_setting(-3.0f) == 0.5f);
}

TEST_CASE("default_comes_back_exactly") {
  // 0 dB in -24..18 is setting 4/7, which no float holds: without care the plugin would get 1e-6 dB.
  const Parameter p{.minimum = -24.0f, .maximum = 18.0f, .default_plain = 0.0f};
  CHECK(p.to_plain(p.default_setting()) == 0.0f);
  const Parameter hz{.logarithmic = true, .minimum = 20.0f, .maximum = 20000.0f, .default_plain = 440.0f};
  CHECK(hz.to_plain(hz.default_setting()) == 440.0f);
}

TEST_CASE("logarithmic_knob_has_the_geometric_mean_in_its_middle") {
  const Parameter p{.logarithmic = true, .minimum = 20.0f, .maximum = 20000.0f, .default_plain = 20.0f};
  CHECK(p.to_plain(0.5f) == doctest::Approx(std::sqrt(20.0 * 20000.0)));
  CHECK(p.to_setting(200.0f) == doctest::Approx(1.0 / 3.0));
  CHECK(p.to_plain(0.0f) == 20.0f);
  CHECK(p.to_plain(1.0f) == 20000.0f);
}

TEST_CASE("negative_logarithmic_range_works_and_a_range_through_zero_is_linear") {
  const Parameter negative{.logarithmic = true, .minimum = -100.0f, .maximum = -1.0f, .default_plain = -1.0f};
  CHECK(negative.to_plain(0.5f) == doctest::Approx(-10.0));
  const Parameter through_zero{.logarithmic = true, .minimum = -1.0f, .maximum = 10.0f, .default_plain = 1.0f};
  CHECK(through_zero.to_plain(0.5f) == 4.5f);
}

TEST_CASE("logarithmic_range_from_zero_runs_over_80_db_and_still_reaches_zero") {
  const Parameter p{.logarithmic = true, .minimum = 0.0f, .maximum = 10.0f, .default_plain = 1.0f};
  CHECK(p.to_plain(0.0f) == 0.0f);
  CHECK(p.to_plain(1.0f) == 10.0f);
  CHECK(p.to_plain(0.5f) == doctest::Approx(0.1));  // 40 dB below
  CHECK(p.to_setting(1.0f) == doctest::Approx(0.75));
  CHECK(p.to_setting(0.0f) == 0.0f);
  CHECK(p.to_setting(1e-9f) == 0.0f);
}

TEST_CASE("integer_knob_gives_whole_numbers") {
  const Parameter p{.kind = ParameterKind::integer, .minimum = 0.0f, .maximum = 10.0f};
  for (int i = 0; i <= 100; ++i) {
    const float plain = p.to_plain(static_cast<float>(i) / 100.0f);
    CHECK(plain == std::round(plain));
  }
  CHECK(p.to_plain(p.to_setting(7.0f)) == 7.0f);
}

TEST_CASE("choice_divides_its_range_evenly_and_writes_the_middle_back") {
  const Parameter p{.kind = ParameterKind::choice,
                    .minimum = 0.0f,
                    .maximum = 1.0f,
                    .choices = {{0.0f, "slow"}, {0.3f, "stop"}, {1.0f, "fast"}}};
  CHECK(p.to_plain(0.0f) == 0.0f);
  CHECK(p.to_plain(0.34f) == 0.3f);
  CHECK(p.to_plain(1.0f) == 1.0f);
  CHECK(p.to_setting(0.3f) == 0.5f);
  CHECK(p.to_setting(0.25f) == 0.5f);  // nearest
  CHECK(p.text(0.5f) == "stop");
}

TEST_CASE("toggle_is_on_from_one_half_up") {
  const Parameter p{.kind = ParameterKind::toggle, .minimum = 0.0f, .maximum = 1.0f};
  CHECK(p.to_plain(0.49f) == 0.0f);
  CHECK(p.to_plain(0.5f) == 1.0f);
  CHECK(p.to_setting(0.2f) == 1.0f);  // LV2: on above zero
  CHECK(p.text(1.0f) == "on");
  CHECK(p.text(0.0f) == "off");
}

TEST_CASE("values_outside_the_range_are_clamped") {
  const Parameter p{.minimum = 1.0f, .maximum = 2.0f, .default_plain = 1.5f};
  CHECK(p.to_plain(-3.0f) == 1.0f);
  CHECK(p.to_plain(3.0f) == 2.0f);
  CHECK(p.to_setting(9.0f) == 1.0f);
  CHECK(p.to_setting(std::numeric_limits<float>::quiet_NaN()) == 0.5f);
}

TEST_CASE("settings_survive_the_way_to_plain_and_back") {
  const Parameter linear{.minimum = -70.0f, .maximum = 6.0f};
  const Parameter logarithmic{.logarithmic = true, .minimum = 0.1f, .maximum = 8000.0f, .default_plain = 1.0f};
  for (int i = 0; i <= 1000; ++i) {
    const float s = static_cast<float>(i) / 1000.0f;
    CHECK(linear.to_setting(linear.to_plain(s)) == doctest::Approx(s).epsilon(1e-5));
    CHECK(logarithmic.to_setting(logarithmic.to_plain(s)) == doctest::Approx(s).epsilon(1e-5));
  }
}

TEST_CASE("text_has_three_digits_and_the_unit") {
  const auto text = [](float plain, const char* unit) {
    const Parameter p{.unit = unit, .minimum = plain, .maximum = plain, .default_plain = plain};
    return p.text(0.0f);
  };
  CHECK(text(12.34f, "dB") == "12.3 dB");
  CHECK(text(-0.5f, "dB") == "-0.5 dB");
  CHECK(text(12345.6f, "Hz") == "12346 Hz");
  CHECK(text(0.0123f, "s") == "0.0123 s");
  CHECK(text(0.0f, "") == "0");
  CHECK(text(100.0f, "%") == "100 %");
}

TEST_CASE("special_value_of_a_continuous_knob_is_shown_by_its_label") {
  const Parameter p{
      .unit = "dB", .minimum = -60.0f, .maximum = 0.0f, .default_plain = -60.0f, .choices = {{-60.0f, "off"}}};
  CHECK(p.text(0.0f) == "off");
  CHECK(p.text(0.5f) == "-30 dB");
}

TEST_CASE("range_in_multiples_of_the_rate_is_resolved_at_a_rate") {
  const Parameter p{.minimum = 0.0f, .maximum = 0.5f, .default_plain = 0.25f, .scales_with_rate = true};
  const Parameter at_48k = p.at_rate(48000.0);
  CHECK(at_48k.maximum == 24000.0f);
  CHECK(at_48k.default_plain == 12000.0f);
  CHECK_FALSE(at_48k.scales_with_rate);
  CHECK(at_48k.at_rate(96000.0).maximum == 24000.0f);
}
