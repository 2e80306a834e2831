#include <doctest/doctest.h>

#include <vector>

#include "soundalike/evaluation.hpp"
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

TEST_CASE("summary_pairs_dry_with_soundalike_and_measures_the_gap_to_the_oracle") {
  Evaluation evaluation;
  evaluation.cases.resize(1);
  for (std::size_t pair = 0; pair < 4; ++pair) {
    const double content = static_cast<double>(pair);  // a hard pair is hard for all systems
    for (const System system : systems) {
      const double cost = system == System::dry ? 2.0 : system == System::soundalike ? 1.25 : 1.0;
      Score score;
      score.pair = pair;
      score.system = system;
      score.mrstft = content + cost;
      evaluation.scores.push_back(score);
    }
  }
  const auto summary = evaluation.summaries().front();
  CHECK(summary.pairs == 4);
  CHECK(summary.gain.mean == doctest::Approx(0.75));
  CHECK(summary.gain.low == doctest::Approx(0.75));  // paired: the spread over content cancels
  CHECK(summary.gap_closed == doctest::Approx(0.75));
}
