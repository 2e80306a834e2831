#include <doctest/doctest.h>

#include <vector>

#include "fixtures/errors.hpp"
#include "soundalike/bootstrap.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

TEST_CASE("bootstrap_interval_covers_the_true_mean_about_as_often_as_it_says") {
  Rng rng(3);
  int covered = 0;
  constexpr int trials = 200;
  for (int t = 0; t < trials; ++t) {
    std::vector<double> values(40);
    for (double& v : values) v = 1.0 + rng.normal();
    const Interval interval = bootstrap_mean(values, 1);
    CHECK(interval.low <= interval.mean);
    CHECK(interval.mean <= interval.high);
    covered += interval.low <= 1.0 && 1.0 <= interval.high;
  }
  // 95 % nominal; the percentile bootstrap is a little short at n = 40, and 200 trials scatter by 1.5 points.
  CHECK(covered >= 178);
  CHECK(covered < trials);
}

TEST_CASE("bootstrap_of_equal_values_is_a_point_and_repeats") {
  const std::vector<double> values(10, 0.25);
  const Interval interval = bootstrap_mean(values, 7);
  CHECK(interval.low == doctest::Approx(0.25));
  CHECK(interval.high == doctest::Approx(0.25));
}

TEST_CASE("groups_are_drawn_whole") {
  // Ten clips of each of 20 recordings, alike within one: 200 values, but 20 draws of chance.
  Rng rng(5);
  std::vector<double> clips, recordings;
  std::vector<std::size_t> groups;
  for (std::size_t recording = 0; recording < 20; ++recording) {
    recordings.push_back(rng.normal());
    for (int clip = 0; clip < 10; ++clip) {
      clips.push_back(recordings.back());
      groups.push_back(100 - recording);
    }
  }
  const BootstrapOptions options{.seed = 3};
  const Interval whole = bootstrap_group_mean(clips, groups, options);
  const Interval single = bootstrap_mean(recordings, options);
  const Interval naive = bootstrap_mean(clips, options);
  CHECK(whole.mean == doctest::Approx(single.mean));
  CHECK(whole.high - whole.low == doctest::Approx(single.high - single.low).epsilon(0.05));
  CHECK(naive.high - naive.low < 0.5 * (whole.high - whole.low));
}

TEST_CASE("a_larger_group_weighs_more_in_the_mean_over_all_values") {
  const std::vector<double> values{1.0, 1.0, 1.0, 5.0};
  const std::vector<std::size_t> groups{0, 0, 0, 1};
  const Interval interval = bootstrap_group_mean(values, groups, {.seed = 1});
  CHECK(interval.mean == 2.0);
  CHECK(interval.low == 1.0);
  CHECK(interval.high == 5.0);
}

TEST_CASE("more_confidence_is_wider_and_nonsense_is_refused") {
  const std::vector<double> values{1.0, 2.0, 4.0, 8.0, 16.0};
  const Interval wide = bootstrap_mean(values, {.seed = 1, .confidence = 0.99});
  const Interval narrow = bootstrap_mean(values, {.seed = 1, .confidence = 0.5});
  CHECK(wide.low < narrow.low);
  CHECK(wide.high > narrow.high);
  CHECK(thrown_by([&] { bootstrap_mean(values, {.confidence = 95}); }).says("between 0 and 1"));
  CHECK(thrown_by([&] { bootstrap_mean(values, {.resamples = 0}); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { bootstrap_group_mean(values, std::vector<std::size_t>(4), {}); }).says("5 values in 4 groups"));
  CHECK(bootstrap_mean({}, 1).high == 0.0);
}
