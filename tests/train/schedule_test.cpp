#include "soundalike/schedule.hpp"

#include <doctest/doctest.h>

#include "fixtures/errors.hpp"

using namespace soundalike;

TEST_CASE("schedules_begin_and_end_where_they_say") {
  const std::size_t steps = 101;
  for (const auto kind : {ScheduleKind::linear, ScheduleKind::cosine}) {
    const Schedule schedule{kind, 1.0, 0.1, 0};
    CHECK(schedule.at(0, steps) == doctest::Approx(1.0));
    CHECK(schedule.at(50, steps) == doctest::Approx(0.55));
    CHECK(schedule.at(100, steps) == doctest::Approx(0.1));
    for (std::size_t i = 1; i < steps; ++i) CHECK(schedule.at(i, steps) < schedule.at(i - 1, steps));
  }
  const Schedule constant{ScheduleKind::constant, 0.5, 0.0, 0};
  CHECK(constant.at(100, steps) == 0.5);
}

TEST_CASE("the_step_schedule_falls_at_80_and_95_percent") {
  const Schedule schedule{ScheduleKind::steps, 1.0, 0.0, 0};
  CHECK(schedule.at(79, 101) == doctest::Approx(1.0));
  CHECK(schedule.at(80, 101) == doctest::Approx(0.1));
  CHECK(schedule.at(95, 101) == doctest::Approx(0.01));
}

TEST_CASE("a_warm_up_rises_in_a_straight_line") {
  const Schedule schedule{ScheduleKind::cosine, 1.0, 0.0, 10};
  CHECK(schedule.at(0, 100) == doctest::Approx(0.1));
  CHECK(schedule.at(4, 100) == doctest::Approx(0.5));
  CHECK(schedule.at(10, 100) == doctest::Approx(1.0));
  CHECK(schedule.at(99, 100) == doctest::Approx(0.0));
}

TEST_CASE("schedules_are_found_by_name") {
  for (const auto name : schedule_names()) CHECK(to_string(parse_schedule(name)) == name);
  CHECK(thrown_by([] { parse_schedule("cosin"); }).says("cosine"));
}
