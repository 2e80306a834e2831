// Corrections and effect sizes against statsmodels, pingouin and scipy; tools/golden/paired_statistics.py.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "fixtures/errors.hpp"
#include "soundalike/effect_size.hpp"
#include "soundalike/multiple_comparisons.hpp"
#include "soundalike/paired_test.hpp"
#include "statistics/golden.hpp"

using namespace soundalike;

TEST_CASE("corrected_p_are_those_of_statsmodels") {
  const auto by_holm = holm(golden::p);
  const auto by_hochberg = hochberg(golden::p);
  for (std::size_t i = 0; i < golden::p.size(); ++i) {
    CHECK(by_holm[i] == doctest::Approx(golden::holm[i]).epsilon(1e-14));
    CHECK(by_hochberg[i] == doctest::Approx(golden::hochberg[i]).epsilon(1e-14));
    CHECK(by_hochberg[i] <= by_holm[i]);
    CHECK(by_holm[i] >= golden::p[i]);
  }
  CHECK(holm({}).empty());
  CHECK(thrown_by([] { holm(std::vector<double>{0.1, std::nan("")}); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("effect_sizes_are_those_of_pingouin_and_scipy") {
  for (const auto& row : golden::effects) {
    const auto paired = differences(row.first, row.second);
    CHECK(rank_biserial(paired) == doctest::Approx(row.rank_biserial).epsilon(1e-12));
    CHECK(cohens_dz(paired) == doctest::Approx(row.dz).epsilon(1e-12));
    CHECK(cliffs_delta(row.first, row.second) == doctest::Approx(row.cliffs_delta).epsilon(1e-12));
    CHECK(cliffs_delta(row.second, row.first) == doctest::Approx(-row.cliffs_delta).epsilon(1e-12));
  }
}

TEST_CASE("effect_sizes_reach_their_bounds") {
  const std::vector<double> up{1.0, 2.0, 3.0};
  const std::vector<double> down{-1.0, -1.0, -1.0};
  const std::vector<double> none(3, 0.0);
  CHECK(rank_biserial(up) == 1.0);
  CHECK(rank_biserial(down) == -1.0);
  CHECK(rank_biserial(none) == 0.0);
  CHECK(cohens_dz(down) == -std::numeric_limits<double>::infinity());
  CHECK(cohens_dz(none) == 0.0);
  CHECK(cliffs_delta(up, down) == 1.0);
  CHECK(thrown_by([&] { cohens_dz(std::vector<double>{1.0}); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { cliffs_delta(up, {}); }).code == ErrorCode::invalid_argument);
}
