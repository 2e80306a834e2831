#include "soundalike/dependence.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "fixtures/errors.hpp"
#include "learn/examples.hpp"
#include "soundalike/disentanglement.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

namespace {

struct NormalPair {
  std::vector<float> a, b;
};

NormalPair correlated(double r, std::size_t count) {
  Rng rng(4);
  NormalPair pair;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = rng.normal(), y = r * x + std::sqrt(1.0 - r * r) * rng.normal();
    pair.a.push_back(static_cast<float>(x));
    pair.b.push_back(static_cast<float>(y));
  }
  return pair;
}

std::vector<float> column(const Examples& examples, std::size_t at) {
  std::vector<float> values;
  for (std::size_t i = at; i < examples.values.size(); i += examples.width) values.push_back(examples.values[i]);
  return values;
}

}  // namespace

TEST_CASE("information_of_correlated_normals_is_what_theory_says") {
  for (const double r : {0.0, 0.5, 0.9, 0.99}) {
    const NormalPair pair = correlated(r, 3000);
    CHECK(mutual_information(pair.a, pair.b) == doctest::Approx(-0.5 * std::log(1.0 - r * r)).epsilon(0.05).scale(1.0));
  }
}

TEST_CASE("information_is_that_of_sklearn_and_does_not_mind_units") {
  // tools/golden/learn.py; sklearn adds noise of 1e-10, which may change the third neighbour of a few.
  const Examples examples = bent_examples(300);
  const double golden[] = {0.0076486, 0.5374246, 3.1576025, 0.0000000, 0.4387868};
  for (std::size_t d = 1; d < 6; ++d) {
    const auto a = column(examples, 0), b = column(examples, d);
    CHECK(mutual_information(a, b) == doctest::Approx(golden[d - 1]).epsilon(1e-3).scale(1.0));
    std::vector<float> scaled(b);
    for (float& x : scaled) x *= 1024.0f;
    CHECK(mutual_information(a, scaled) == mutual_information(a, b));
  }
  CHECK(std::isfinite(mutual_information(std::vector<float>(50, 1.0f), std::vector<float>(50, 2.0f))));
}

TEST_CASE("canonical_correlations_find_what_two_sets_share") {
  const Examples noise = uniform_examples(2000, 5, 8);
  Examples first{3, {}}, second{2, {}};
  for (std::size_t i = 0; i < 2000; ++i) {
    const auto x = [&](std::size_t d) { return noise.values[5 * i + d]; };
    first.values.insert(first.values.end(), {x(0) + x(1), x(1), 3.0f});  // the third never varies
    second.values.insert(second.values.end(), {2.0f * x(0) - x(3), 0.5f * x(3) + 0.3f * x(4)});
  }
  const Cca cca = canonical_correlation(first, second, 2);
  const double golden[] = {0.9687613, 0.0224943};
  for (std::size_t c = 0; c < 2; ++c) CHECK(cca.correlation[c] == doctest::Approx(golden[c]).epsilon(1e-4).scale(1.0));
  double dot = 0.0;
  for (std::size_t i = 0; i < 2000; ++i) dot += double{cca.first[2 * i]} * double{cca.second[2 * i]} / 1999.0;
  CHECK(dot == doctest::Approx(cca.correlation[0]).epsilon(1e-4));
  CHECK(thrown_by([&] { canonical_correlation(first, second, 3); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("a_code_per_factor_scores_one_and_a_mixture_does_not") {
  const Examples factors = uniform_examples(1000, 3, 1), noise = uniform_examples(1000, 1, 2);
  Examples apart{4, {}}, mixed{3, {}};
  for (std::size_t i = 0; i < 1000; ++i) {
    const float *f = factors.values.data() + 3 * i, n = noise.values[i];
    apart.values.insert(apart.values.end(), {f[2], n, -2.0f * f[0], f[1] + 1.0f});
    mixed.values.insert(mixed.values.end(), {f[0] + f[1] + f[2], f[0] - f[1] + f[2], f[0] + f[1] - f[2]});
  }
  const Disentanglement good = measure_disentanglement(apart, factors, {.threads = 2}),
                        bad = measure_disentanglement(mixed, factors);
  CHECK(good.sap > 0.95);
  CHECK(good.mig > 0.85);  // binned, independent numbers still share a little by chance
  CHECK(good.dci_disentanglement > 0.9);
  CHECK(good.dci_completeness > 0.9);
  CHECK(good.dci_informativeness > 0.95);
  CHECK(bad.sap < 0.3);
  CHECK(bad.mig < 0.3);
  CHECK(bad.dci_disentanglement < 0.5);
  CHECK(bad.dci_completeness < 0.5);
  CHECK(good.importance[2 * 3 + 0] > 0.9);  // the third code is the first factor
}

TEST_CASE("categories_count_as_such") {
  // A factor of three kinds whose order means nothing: the code is highest for the middle one.
  const Examples noise = uniform_examples(600, 1, 5);
  Examples codes{1, {}}, factors{1, {}};
  for (std::size_t i = 0; i < 600; ++i) {
    const std::size_t kind = i % 3;
    codes.values.push_back((kind == 1 ? 1.0f : 0.0f) + (kind == 2 ? 0.5f : 0.0f) + 0.05f * noise.values[i]);
    factors.values.push_back(static_cast<float>(kind));
  }
  CHECK(measure_disentanglement(codes, factors, {.categories = {3}}).sap > 0.95);
  CHECK(measure_disentanglement(codes, factors).sap < 0.5);
  CHECK(thrown_by([&] { measure_disentanglement(codes, uniform_examples(10, 1, 1)); }).code ==
        ErrorCode::invalid_argument);
  codes.values[3] = std::numeric_limits<float>::infinity();
  CHECK(thrown_by([&] { measure_disentanglement(codes, factors); }).code == ErrorCode::invalid_argument);
}
