#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "fixtures/errors.hpp"
#include "learn/examples.hpp"
#include "soundalike/pca.hpp"
#include "soundalike/projection_quality.hpp"

using namespace soundalike;

TEST_CASE("principal_components_are_those_of_sklearn") {
  // Golden numbers by tools/golden/learn.py; the tolerance is what float32 axes round.
  const Examples examples = bent_examples(300);
  const Pca pca = fit_pca(examples, 3);
  const double variance[] = {0.373929703, 0.184278272, 0.092189627};
  const double place[] = {-0.6903207, -0.2658907, -0.0000845};
  for (std::size_t c = 0; c < 3; ++c) {
    CHECK(pca.variance[c] == doctest::Approx(variance[c]).epsilon(1e-6));
    CHECK(double{pca.project({std::span(examples.values).first(6), 6})[c]} ==
          doctest::Approx(place[c]).epsilon(2e-7).scale(1.0));
  }
  CHECK(pca.total_variance == doctest::Approx(0.658688323).epsilon(1e-6));
}

TEST_CASE("axes_are_orthonormal_and_point_the_same_way_each_time") {
  const Pca pca = fit_pca(bent_examples(200), 4);
  for (std::size_t a = 0; a < 4; ++a) {
    for (std::size_t b = 0; b < 4; ++b) {
      double dot = 0.0;
      for (std::size_t d = 0; d < 6; ++d) dot += double{pca.axes[6 * a + d]} * double{pca.axes[6 * b + d]};
      CHECK(dot == doctest::Approx(a == b ? 1.0 : 0.0).epsilon(1e-5));
    }
    const auto axis = std::span(pca.axes).subspan(6 * a, 6);
    CHECK(*std::ranges::max_element(axis, {}, [](float x) { return std::abs(x); }) > 0.0f);
  }
}

TEST_CASE("trustworthiness_is_that_of_sklearn") {
  const Examples examples = bent_examples(300);
  const std::vector<float> plane = fit_pca(examples, 2).project(examples);
  Examples first{1, {}};
  for (std::size_t i = 0; i < 300; ++i) first.values.push_back(examples.values[6 * i]);
  CHECK(projection_quality(examples, {plane, 2}).trustworthiness == doctest::Approx(0.995335740).epsilon(1e-6));
  CHECK(projection_quality(examples, first).trustworthiness == doctest::Approx(0.731051745).epsilon(1e-6));
  CHECK(projection_quality(examples, uniform_examples(300, 2, 99)).trustworthiness ==
        doctest::Approx(0.506397914).epsilon(1e-6));
}

TEST_CASE("a_picture_that_is_the_truth_keeps_every_neighbour") {
  const Examples examples = bent_examples(500);
  const ProjectionQuality same = projection_quality(examples, examples, {.sample = 100, .threads = 3});
  CHECK(same.trustworthiness == 1.0);
  CHECK(same.neighbours_kept == 1.0);
  const ProjectionQuality unrelated = projection_quality(examples, uniform_examples(500, 2, 99));
  CHECK(unrelated.neighbours_kept < 0.06);  // 15 of 499 by chance
}

TEST_CASE("too_few_examples_for_a_projection_are_refused") {
  const Examples one = uniform_examples(1, 3, 1), ten = uniform_examples(10, 3, 1);
  CHECK(thrown_by([&] { fit_pca(one, 2); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { fit_pca(ten, 4); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { projection_quality(ten, ten); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { fit_pca(ten, 2).project(uniform_examples(3, 4, 1)); }).code == ErrorCode::invalid_argument);
}
