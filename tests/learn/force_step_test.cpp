#include "learn/force_step.hpp"

#include <doctest/doctest.h>

#include "soundalike/rng.hpp"

using namespace soundalike;
using namespace soundalike::learn;

TEST_CASE("every_lane_moves_to_the_bit_as_a_place_alone") {
  const Force force(fit_curve(0.1, 1.0));
  Rng rng(7);
  const auto place = [&](double size) {
    return Place{static_cast<float>(size * rng.normal()), static_cast<float>(size * rng.normal())};
  };
  for (const double size : {0.0, 1e-20, 1e-3, 1.0, 30.0, 1e6}) {
    CAPTURE(size);
    Spots drawn;
    Meeting meeting;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      drawn.put(lane, place(size));
      meeting.other.put(lane, lane == 3 ? drawn.at(lane) : place(size));
      meeting.rate[lane] = lane == 5 ? 0.0f : static_cast<float>(rng.uniform());
    }
    Spots pushed = drawn;
    const Spots before = drawn;
    attract(drawn, force, meeting);
    repel(pushed, force, meeting);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      Place near = before.at(lane), far = before.at(lane);
      force.attract(near, meeting.other.at(lane), meeting.rate[lane]);
      force.repel(far, meeting.other.at(lane), meeting.rate[lane]);
      CHECK(drawn.at(lane).x == near.x);
      CHECK(drawn.at(lane).y == near.y);
      CHECK(pushed.at(lane).x == far.x);
      CHECK(pushed.at(lane).y == far.y);
    }
    CHECK(pushed.at(5).x == before.at(5).x);  // who rests stays
    CHECK(drawn.at(3).x == before.at(3).x);   // nothing draws a place to itself
    CHECK(pushed.at(3).x > before.at(3).x + 3.9f * meeting.rate[3] - 0.2f * static_cast<float>(size));
  }
}
