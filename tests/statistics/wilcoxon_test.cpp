// Wilcoxon's test against its definition (all 2^n signs) and scipy; tools/golden/paired_statistics.py.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "fixtures/errors.hpp"
#include "soundalike/paired_test.hpp"
#include "soundalike/rng.hpp"
#include "statistics/golden.hpp"

using namespace soundalike;

TEST_CASE("signed_rank_p_is_that_of_all_choices_of_signs_with_ties_and_zeros") {
  for (const auto& row : golden::signed_ranks) {
    CAPTURE(row.differences.size());
    const auto p = [&](const WilcoxonOptions& options) { return wilcoxon_signed_rank(row.differences, options).p; };
    CHECK(p({}) == doctest::Approx(row.drop_p).epsilon(1e-12));
    CHECK(p({.alternative = Alternative::greater}) == doctest::Approx(row.drop_greater).epsilon(1e-12));
    CHECK(p({.zeros = ZeroRule::rank}) == doctest::Approx(row.rank_p).epsilon(1e-12));
    CHECK(p({.exact_up_to = 0}) == doctest::Approx(row.normal_p).epsilon(1e-10));
  }
  CHECK(wilcoxon_signed_rank(golden::signed_ranks[0].differences).p ==
        doctest::Approx(golden::scipy_exact_of_the_first).epsilon(1e-12));
}

TEST_CASE("turning_the_pairs_round_swaps_the_sides") {
  Rng rng(1);
  std::vector<double> forth, back;
  for (int i = 0; i < 60; ++i) {
    forth.push_back(0.3 + rng.normal());
    back.push_back(-forth.back());
  }
  for (const std::size_t exact : {0, 100}) {
    const auto greater = wilcoxon_signed_rank(forth, {.alternative = Alternative::greater, .exact_up_to = exact});
    const auto less = wilcoxon_signed_rank(back, {.alternative = Alternative::less, .exact_up_to = exact});
    CHECK(greater.p == doctest::Approx(less.p).epsilon(1e-12));
    CHECK(greater.positive_ranks == less.negative_ranks);
    CHECK(greater.exact == (exact == 100));
  }
}

TEST_CASE("exact_and_normal_agree_where_one_takes_over_from_the_other") {
  Rng rng(2);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<double> values(100);
    for (double& v : values) v = 0.2 + rng.normal();
    const double exact = wilcoxon_signed_rank(values).p;
    const double normal = wilcoxon_signed_rank(values, {.exact_up_to = 99}).p;
    CHECK(normal == doctest::Approx(exact).epsilon(0.05).scale(0.01));
  }
}

TEST_CASE("without_any_difference_nothing_can_be_told") {
  const WilcoxonResult none = wilcoxon_signed_rank(std::vector<double>(8, 0.0));
  CHECK(none.p == 1.0);
  CHECK(none.pairs == 0);
  CHECK(none.zeros == 8);
  CHECK(wilcoxon_signed_rank({}).p == 1.0);
}

TEST_CASE("under_equal_systems_one_test_in_twenty_rejects_at_most") {
  Rng rng(3);
  int rejected = 0;
  constexpr int trials = 2000;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<double> values(12);
    for (double& v : values) v = rng.normal();
    rejected += wilcoxon_signed_rank(values).p <= 0.05;
  }
  CHECK(rejected <= 0.06 * trials);  // exact tests are a little careful: 12 pairs allow 0.0425 or 0.0522
  CHECK(rejected >= 0.03 * trials);
}

TEST_CASE("failures_among_the_differences_are_refused_not_ranked") {
  const std::vector<double> values{1.0, std::numeric_limits<double>::quiet_NaN(), 2.0};
  const Thrown thrown = thrown_by([&] { wilcoxon_signed_rank(values); });
  CHECK(thrown.code == ErrorCode::invalid_argument);
  CHECK(thrown.says("value 2 of 3"));
  CHECK(thrown_by([] { differences(std::vector<double>(3), std::vector<double>(2)); }).says("3 values with 2"));
}

TEST_CASE("sign_test_and_binomial_tail_are_their_sums") {
  CHECK(binomial_tail(12, 16, 0.5) == doctest::Approx(2517.0 / 65536.0).epsilon(1e-12));
  CHECK(binomial_tail(0, 5, 0.3) == doctest::Approx(1.0));
  CHECK(binomial_tail(5, 5, 0.3) == doctest::Approx(std::pow(0.3, 5)));
  CHECK(binomial_tail(3, 3, 1.0) == 1.0);
  CHECK(sign_test(12, 4) == doctest::Approx(2.0 * 2517.0 / 65536.0).epsilon(1e-12));
  CHECK(sign_test(4, 12) == sign_test(12, 4));
  CHECK(sign_test(3, 3) == 1.0);
  CHECK(sign_test(0, 0) == 1.0);
  CHECK(thrown_by([] { binomial_tail(3, 2, 0.5); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("rounding_breaks_no_ties_and_makes_no_differences") {
  // Thirds: 20.333 - 19.333 and 61.667 - 60.667 are not quite the same to a computer.
  const std::vector<double> first{61.0 / 3, 185.0 / 3, 100.0 / 3, 0.3},
      second{58.0 / 3, 182.0 / 3, 103.0 / 3, 0.1 + 0.2};
  const WilcoxonResult result = wilcoxon_signed_rank(differences(first, second));
  CHECK(result.pairs == 3);
  CHECK(result.positive_ranks == 4.0);
  CHECK(result.negative_ranks == 2.0);
}
