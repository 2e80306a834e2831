#include "soundalike/consensus.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

namespace {

AudioBuffer noise(std::uint64_t seed, std::size_t channels = 1) {
  AudioBuffer out(channels, 24000, SampleRate{24000});
  Rng rng(seed);
  for (float& x : out.samples()) x = static_cast<float>(0.1 * rng.normal());
  return out;
}

}  // namespace

TEST_CASE("sketches_ignore_level_and_differ_by_content") {
  const RenderSketcher sketcher(SampleRate{24000});
  const AudioBuffer audio = noise(1);
  AudioBuffer loud = audio;
  for (float& x : loud.samples()) x *= 7.0f;
  const auto sketch = sketcher.sketch(audio);
  CHECK(RenderSketcher::difference(sketch, sketch) == 0.0);
  CHECK(RenderSketcher::difference(sketch, sketcher.sketch(loud)) < 1e-3);
  CHECK(RenderSketcher::difference(sketch, sketcher.sketch(noise(2))) > 1.0);
}

TEST_CASE("sketches_of_silence_lie_on_the_floor") {
  const RenderSketcher sketcher(SampleRate{24000});
  for (const AudioBuffer& audio : {AudioBuffer(1, 24000, SampleRate{24000}), AudioBuffer(2, 10, SampleRate{24000})}) {
    for (const auto x : sketcher.sketch(audio)) CHECK(x == 0);
  }
}

TEST_CASE("the_middle_of_likely_candidates_is_chosen_over_the_nearest") {
  // On a line: the nearest in style stands apart, two that explain the reference nearly as well stand together.
  const std::vector<RenderSketcher::Sketch> sketches{{10}, {0}, {1}, {50}};
  const std::vector<double> distances{1.00, 1.01, 1.01, 9.0};
  CHECK(least_expected_difference(distances, sketches) != 0);
  CHECK(least_expected_difference(distances, sketches) != 3);
}

TEST_CASE("a_low_temperature_chooses_the_nearest") {
  const std::vector<RenderSketcher::Sketch> sketches{{10}, {0}, {1}};
  const std::vector<double> distances{1.00, 1.10, 1.10};
  CHECK(least_expected_difference(distances, sketches, 0.01) == 0);
}

TEST_CASE("candidates_without_a_finite_distance_are_never_chosen") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<RenderSketcher::Sketch> sketches{{0}, {0}, {5}};
  CHECK(least_expected_difference(std::vector<double>{nan, std::numeric_limits<double>::infinity(), 3.0}, sketches) ==
        2);
}

TEST_CASE("choices_that_make_no_sense_are_refused") {
  const std::vector<RenderSketcher::Sketch> two{{0}, {1}};
  CHECK_THROWS_AS(least_expected_difference(std::vector<double>{1.0}, two), Error);
  CHECK_THROWS_AS(least_expected_difference({}, {}), Error);
  CHECK_THROWS_AS(least_expected_difference(std::vector<double>{1.0, 2.0}, two, 0.0), Error);
  CHECK_THROWS_AS(RenderSketcher::difference(RenderSketcher::Sketch(3), RenderSketcher::Sketch(4)), Error);
  CHECK_THROWS_AS(RenderSketcher(SampleRate{24000}).sketch(AudioBuffer(1, 100, SampleRate{48000})), Error);
}

TEST_CASE("crowding_is_high_where_points_lie_close_and_one_for_a_point_alone") {
  std::vector<std::vector<double>> points(20, {0.1, 0.1});
  points.push_back({0.9, 0.9});
  const auto crowding = crowding_of(points);
  CHECK(crowding.front() == doctest::Approx(20.0));
  CHECK(crowding.back() == doctest::Approx(1.0));
}

TEST_CASE("many_copies_of_one_candidate_weigh_no_more_than_one_when_crowding_is_taken_out") {
  // Three settings explain the reference equally well and sound like 0, 1 and 2: the middle is least wrong. A search
  // that looked at the first one 50 times must not move the choice there.
  std::vector<RenderSketcher::Sketch> sketches{{0}, {1}, {2}};
  std::vector<std::vector<double>> points{{0.1}, {0.5}, {0.9}};
  for (int i = 0; i < 49; ++i) {
    sketches.push_back({0});
    points.push_back({0.1});
  }
  const std::vector<double> distances(points.size(), 1.0);
  CHECK(least_expected_difference(distances, sketches) != 1);
  CHECK(least_expected_difference(distances, sketches, 0.5, crowding_of(points)) == 1);
}
