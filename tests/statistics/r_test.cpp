// Against R: tools/golden/statistics.R.
#include <doctest/doctest.h>

#include "soundalike/describe.hpp"
#include "soundalike/multiple_comparisons.hpp"
#include "soundalike/paired_test.hpp"
#include "soundalike/repeated_measures.hpp"
#include "statistics/golden_r.hpp"

using namespace soundalike;

TEST_CASE("quartiles_are_r_s_hinges_and_of_odd_counts_its_type_7") {
  for (const auto& row : golden_r::quartiles) {
    const BoxSummary box = box_summary(row.values);
    CHECK(box.quartile1 == row.hinge1);
    CHECK(box.median == row.median);
    CHECK(box.quartile3 == row.hinge3);
    if (row.values.size() % 2 == 0) continue;
    CHECK(box.quartile1 == row.type7_1);
    CHECK(box.quartile3 == row.type7_3);
  }
}

TEST_CASE("signed_ranks_are_those_of_r_s_wilcox_test") {
  for (const auto& row : golden_r::pairs) {
    CHECK(wilcoxon_signed_rank(row.differences).p == doctest::Approx(row.exact_p).epsilon(1e-12));
    CHECK(wilcoxon_signed_rank(row.differences, {.exact_up_to = 0}).p == doctest::Approx(row.normal_p).epsilon(1e-12));
  }
}

TEST_CASE("corrections_are_those_of_r_s_p_adjust") {
  const auto by_holm = holm(golden_r::p), by_hochberg = hochberg(golden_r::p);
  for (std::size_t i = 0; i < golden_r::p.size(); ++i) {
    CHECK(by_holm[i] == doctest::Approx(golden_r::holm[i]).epsilon(1e-12));
    CHECK(by_hochberg[i] == doctest::Approx(golden_r::hochberg[i]).epsilon(1e-12));
  }
}

TEST_CASE("repeated_measures_are_those_of_r_s_friedman_test_aov_with_error_and_ptukey") {
  for (const auto& row : golden_r::repeated) {
    const auto conditions = static_cast<std::size_t>(row.conditions);
    const RepeatedMeasures data(row.rows.size() / conditions, conditions, row.rows);
    CHECK(friedman(data).chi_squared == doctest::Approx(row.friedman).epsilon(1e-10));
    CHECK(friedman(data).p == doctest::Approx(row.friedman_p).epsilon(1e-9));
    const RepeatedAnova anova = repeated_anova(data);
    CHECK(anova.f == doctest::Approx(row.f).epsilon(1e-10));
    CHECK(anova.p == doctest::Approx(row.p).epsilon(1e-9));
    CHECK(anova.greenhouse_geisser == doctest::Approx(row.greenhouse_geisser).epsilon(1e-10));
    CHECK(anova.huynh_feldt == doctest::Approx(row.huynh_feldt).epsilon(1e-10));
    const auto pairs = nemenyi(data);
    REQUIRE(pairs.size() == row.nemenyi.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      CHECK(pairs[i].adjusted_p == doctest::Approx(row.nemenyi[i]).epsilon(1e-6));
    }
  }
}
