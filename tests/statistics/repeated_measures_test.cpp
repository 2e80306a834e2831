// Against scipy, statsmodels and pingouin; tools/golden/paired_statistics.py.
#include "soundalike/repeated_measures.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "fixtures/errors.hpp"
#include "soundalike/rng.hpp"
#include "statistics/distributions.hpp"
#include "statistics/golden.hpp"

using namespace soundalike;

namespace {

RepeatedMeasures measures(const golden::Repeated& row) {
  const auto conditions = static_cast<std::size_t>(row.conditions);
  return {row.rows.size() / conditions, conditions, row.rows};
}

}  // namespace

TEST_CASE("friedman_and_kendall_are_those_of_scipy") {
  for (const auto& row : golden::repeated) {
    const FriedmanResult result = friedman(measures(row));
    CHECK(result.chi_squared == doctest::Approx(row.friedman).epsilon(1e-10));
    CHECK(result.p == doctest::Approx(row.friedman_p).epsilon(1e-10));
    CHECK(result.kendall_w == doctest::Approx(row.kendall_w).epsilon(1e-10));
  }
}

TEST_CASE("anova_within_subjects_and_its_corrections_are_those_of_statsmodels_and_pingouin") {
  for (const auto& row : golden::repeated) {
    const RepeatedAnova result = repeated_anova(measures(row));
    CHECK(result.f == doctest::Approx(row.f).epsilon(1e-10));
    CHECK(result.p == doctest::Approx(row.p).epsilon(1e-9));
    CHECK(result.greenhouse_geisser == doctest::Approx(row.greenhouse_geisser).epsilon(1e-10));
    CHECK(result.p_greenhouse_geisser == doctest::Approx(row.p_greenhouse_geisser).epsilon(1e-9));
    CHECK(result.huynh_feldt == doctest::Approx(row.huynh_feldt).epsilon(1e-10));
    CHECK(result.p_huynh_feldt == doctest::Approx(row.p_huynh_feldt).epsilon(1e-9));
    CHECK(result.partial_eta_squared == doctest::Approx(row.partial_eta).epsilon(1e-10));
  }
}

TEST_CASE("two_conditions_are_spherical_and_anova_is_the_paired_t_test") {
  const RepeatedMeasures data(4, 2, {1, 2, 3, 5, 2, 2.5, 4, 7});
  const RepeatedAnova result = repeated_anova(data);
  // Differences 1, 2, 0.5, 3: mean 1.625, sd 1.1086779.
  CHECK(result.f == doctest::Approx(std::pow(1.625 / (1.1086778913 / 2.0), 2)).epsilon(1e-9));
  CHECK(result.greenhouse_geisser == doctest::Approx(1.0));
  CHECK(result.p_greenhouse_geisser == doctest::Approx(result.p));
}

TEST_CASE("equal_conditions_and_equal_subjects_are_no_accident_of_arithmetic") {
  const RepeatedMeasures same(3, 3, std::vector<double>(9, 0.1));
  CHECK(friedman(same).p == 1.0);
  CHECK(repeated_anova(same).p == 1.0);
  const RepeatedMeasures clear(3, 3, {1, 2, 3, 2, 3, 4, 5, 6, 7});
  CHECK(friedman(clear).kendall_w == doctest::Approx(1.0));
  CHECK(repeated_anova(clear).p < 1e-12);
  CHECK(repeated_anova(clear).partial_eta_squared == doctest::Approx(1.0));
}

TEST_CASE("pairs_are_corrected_for_each_other") {
  const auto data = measures(golden::repeated[1]);
  const auto pairs = pairwise_wilcoxon(data);
  CHECK(pairs.size() == 6);
  for (const PairedComparison& c : pairs) {
    CHECK(c.adjusted_p >= c.p);
    CHECK(c.adjusted_p <= 1.0);
  }
}

TEST_CASE("nemenyi_uses_the_studentized_range_of_scipy") {
  for (const auto& row : golden::ranges) {
    CHECK(range_tail(row.q, row.groups) == doctest::Approx(row.tail).epsilon(1e-7));
  }
  // Demsar 2006, table 5: q at 0.05 is 2.569 * sqrt(2) for four classifiers.
  CHECK(range_tail(2.569 * std::sqrt(2.0), 4) == doctest::Approx(0.05).epsilon(0.001));
  const auto data = measures(golden::repeated[1]);
  const auto ranks = friedman(data).mean_ranks;
  for (const PairedComparison& c : nemenyi(data)) {
    const double critical = 2.569 * std::sqrt(4.0 * 5.0 / (6.0 * 12.0));
    CHECK((c.p < 0.05) == (std::fabs(ranks[c.first] - ranks[c.second]) > critical));
  }
}

TEST_CASE("under_equal_conditions_one_test_in_twenty_rejects") {
  Rng rng(4);
  int by_friedman = 0, by_anova = 0, by_pairs = 0;
  constexpr int trials = 1000;
  for (int t = 0; t < trials; ++t) {
    std::vector<double> values(20 * 4);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i % 4 == 0) values[i] = rng.normal();
      values[i] = (i % 4 == 0 ? values[i] : values[i - i % 4]) + rng.normal();
    }
    const RepeatedMeasures data(20, 4, values);
    by_friedman += friedman(data).p <= 0.05;
    by_anova += repeated_anova(data).p_huynh_feldt <= 0.05;
    bool any = false;
    for (const PairedComparison& c : pairwise_wilcoxon(data)) any = any || c.adjusted_p <= 0.05;
    by_pairs += any;
  }
  // 0.05 with a standard error of 0.007.
  for (const int rejected : {by_friedman, by_anova, by_pairs}) {
    CHECK(rejected <= 0.07 * trials);
    CHECK(rejected >= 0.02 * trials);
  }
}

TEST_CASE("holes_in_the_table_are_refused") {
  CHECK(thrown_by([] { RepeatedMeasures(3, 2, std::vector<double>(5)); }).says("2 conditions of 3 subjects from 5"));
  CHECK(thrown_by([] { RepeatedMeasures(1, 2, {1, 2}); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([] { RepeatedMeasures(2, 2, {1, 2, 3, std::nan("")}); }).says("value 4 of 4"));
}
