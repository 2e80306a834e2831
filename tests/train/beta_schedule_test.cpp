#include "soundalike/beta_schedule.hpp"

#include <doctest/doctest.h>

#include "fixtures/errors.hpp"

using namespace soundalike;

namespace {

BetaSchedule schedule(BetaScheduleKind kind) { return {.kind = kind, .low = 0.1, .high = 0.5, .cycles = 4}; }

}  // namespace

TEST_CASE("cyclic_beta_rises_in_each_cycle_and_then_stays") {
  const BetaSchedule beta = schedule(BetaScheduleKind::cyclic);
  for (std::size_t cycle = 0; cycle < 4; ++cycle) {
    const std::size_t first = cycle * 100;
    CHECK(beta.at(first, 400) == doctest::Approx(0.1));
    for (std::size_t i = 1; i < 50; ++i) CHECK(beta.at(first + i, 400) > beta.at(first + i - 1, 400));
    CHECK(beta.at(first + 25, 400) == doctest::Approx(0.3));
    for (std::size_t i = 50; i < 100; ++i) CHECK(beta.at(first + i, 400) == doctest::Approx(0.5));
  }
}

TEST_CASE("falling_beta_starts_each_cycle_at_its_greatest") {
  const BetaSchedule beta = schedule(BetaScheduleKind::cyclic_falling);
  for (std::size_t cycle = 0; cycle < 4; ++cycle) {
    CHECK(beta.at(cycle * 100, 400) == doctest::Approx(0.5));
    for (std::size_t i = 1; i < 100; ++i) CHECK(beta.at(cycle * 100 + i, 400) < beta.at(cycle * 100 + i - 1, 400));
  }
}

TEST_CASE("linear_beta_goes_from_end_to_end_and_constant_beta_stays") {
  const BetaSchedule line = schedule(BetaScheduleKind::linear);
  CHECK(line.at(0, 401) == doctest::Approx(0.1));
  CHECK(line.at(200, 401) == doctest::Approx(0.3));
  CHECK(line.at(400, 401) == doctest::Approx(0.5));
  CHECK(schedule(BetaScheduleKind::constant).at(17, 400) == 0.5);
}

TEST_CASE("beta_schedules_have_names_and_odd_lengths_are_no_problem") {
  for (const auto name : beta_schedule_names()) {
    const BetaSchedule beta = schedule(parse_beta_schedule(name));
    CHECK(to_string(beta.kind) == name);
    for (const std::size_t steps : {0u, 1u, 2u, 7u}) {
      for (std::size_t step = 0; step < steps; ++step) {
        CHECK(beta.at(step, steps) >= 0.1 - 1e-12);
        CHECK(beta.at(step, steps) <= 0.5 + 1e-12);
      }
    }
  }
  CHECK(thrown_by([] { parse_beta_schedule("cosine"); }).says("known are constant, linear, cyclic, cyclic-falling"));
}
