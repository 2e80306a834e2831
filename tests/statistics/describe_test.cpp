// Descriptions, permutation test and power; golden numbers by tools/golden/paired_statistics.py.
#include "soundalike/describe.hpp"

#include <doctest/doctest.h>

#include "fixtures/errors.hpp"
#include "soundalike/permutation_test.hpp"
#include "soundalike/power.hpp"
#include "statistics/golden.hpp"

using namespace soundalike;

TEST_CASE("quartiles_are_the_medians_of_the_halves") {
  const BoxSummary even = box_summary(std::vector<double>{4, 1, 3, 2, 6, 5});
  CHECK(even.median == 3.5);
  CHECK(even.quartile1 == 2.0);
  CHECK(even.quartile3 == 5.0);
  const BoxSummary odd = box_summary(std::vector<double>{1, 2, 3, 4, 5});
  CHECK(odd.quartile1 == 2.0);
  CHECK(odd.quartile3 == 4.0);
  const BoxSummary one = box_summary(std::vector<double>{7});
  CHECK(one.quartile1 == 7.0);
  CHECK(one.iqr() == 0.0);
}

TEST_CASE("whiskers_end_at_the_last_value_that_is_no_outlier") {
  const BoxSummary box = box_summary(std::vector<double>{10, 11, 12, 13, 14, 15, 16, 100, -50});
  CHECK(box.outliers == std::vector<double>{-50, 100});
  CHECK(box.low == 10.0);
  CHECK(box.high == 16.0);
  CHECK(thrown_by([] { box_summary({}); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("bimodality_is_that_of_scipy_s_moments_and_tells_two_peaks") {
  for (const auto& row : golden::shapes) {
    CHECK(bimodality(row.values) == doctest::Approx(row.bimodality).epsilon(1e-12));
  }
  CHECK(bimodality(golden::shapes[1].values) > 5.0 / 9.0);
  CHECK(bimodality(std::vector<double>(9, 3.0)) == 0.0);
}

TEST_CASE("permutation_over_all_signs_is_that_of_scipy") {
  for (const auto& row : golden::permuted) {
    const auto p = [&](Location location) {
      const auto result = paired_permutation(row.differences, {.location = location});
      CHECK(result.exact);
      return result.p;
    };
    CHECK(p(Location::mean) == doctest::Approx(row.mean_p).epsilon(1e-12));
    CHECK(p(Location::median) == doctest::Approx(row.median_p).epsilon(1e-12));
  }
}

TEST_CASE("drawn_permutations_come_near_all_of_them_and_are_never_0") {
  const auto& d = golden::permuted[0].differences;
  const auto drawn = paired_permutation(d, {.location = Location::mean, .permutations = 500, .seed = 1});
  CHECK(!drawn.exact);
  CHECK(drawn.p == doctest::Approx(golden::permuted[0].mean_p).epsilon(0.25));
  const std::vector<double> clear(40, 1.0);
  const auto far = paired_permutation(clear, {.location = Location::mean, .permutations = 99, .seed = 1});
  CHECK(far.p == doctest::Approx(0.01));
  CHECK(far.location == 1.0);
  CHECK(thrown_by([] { paired_permutation({}, {}); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("power_grows_with_subjects_and_is_alpha_without_an_effect") {
  Rng rng(9);
  std::vector<double> pilot, none;
  for (int i = 0; i < 200; ++i) {
    const double noise = rng.normal();
    pilot.push_back(0.6 + noise);
    none.insert(none.end(), {noise, -noise});
  }
  double before = 0.0;
  for (const std::size_t n : {8, 16, 32, 64}) {
    const double power = wilcoxon_power(pilot, n, {.simulations = 400, .seed = 2});
    CHECK(power > before);
    before = power;
  }
  CHECK(before > 0.98);
  // A t test of d = 0.6 with 32 pairs has a power of 0.91; Wilcoxon's needs 5 % more pairs.
  CHECK(wilcoxon_power(pilot, 32, {.simulations = 1000, .seed = 3}) == doctest::Approx(0.9).epsilon(0.06));
  CHECK(wilcoxon_power(none, 20, {.simulations = 1000, .seed = 3}) < 0.07);
}
