#include "soundalike/forest.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <numbers>

#include "fixtures/errors.hpp"
#include "fixtures/forest_problem.hpp"

using namespace soundalike;

using forest_fixture::Problem;

namespace {

std::vector<double> errors(const Forest& forest, const Problem& problem) {
  std::vector<double> squares(2);
  for (std::size_t i = 0; i < problem.count; ++i) {
    const auto found = forest.predict(std::span(problem.inputs).subspan(i * Problem::features, Problem::features));
    for (std::size_t o = 0; o < 2; ++o) {
      squares[o] +=
          std::pow(double{found[o]} - double{problem.targets[2 * i + o]}, 2) / static_cast<double>(problem.count);
    }
  }
  return squares;
}

}  // namespace

TEST_CASE("a_forest_is_as_good_as_the_public_librarys") {
  // Mean square errors on 1000 new examples of scikit-learn's RandomForestRegressor with the same options, the mean
  // of ten seeds, and what its seeds differ by; made by tools/golden/forest.py.
  struct Golden {
    std::size_t minimum_leaf, features_per_split;
    double error[2], spread[2];
  };
  constexpr Golden goldens[] = {
      {1, 3, {0.005852, 0.001805}, {0.000088, 0.000308}},
      {1, 10, {0.005233, 0.000873}, {0.000050, 0.000010}},
      {5, 3, {0.006841, 0.002680}, {0.000120, 0.000407}},
  };
  const Problem train(600, 1), fresh(1000, 77);
  for (const Golden& golden : goldens) {
    CAPTURE(golden.minimum_leaf);
    CAPTURE(golden.features_per_split);
    const Forest forest = Forest::fit(train.examples(), {.features_per_split = golden.features_per_split,
                                                         .minimum_leaf = golden.minimum_leaf,
                                                         .seed = 3,
                                                         .threads = 2});
    const auto found = errors(forest, fresh);
    for (std::size_t o = 0; o < 2; ++o) {
      CHECK(std::abs(found[o] - golden.error[o]) < 4.0 * golden.spread[o]);
      // The error out of the bag is what to expect of new examples.
      CHECK(forest.out_of_bag_error()[o] == doctest::Approx(found[o]).epsilon(0.25));
    }
  }
}

TEST_CASE("any_number_of_threads_grows_the_same_forest") {
  const Problem problem(200);
  const ForestOptions options{.trees = 17, .seed = 5};
  const Forest one = Forest::fit(problem.examples(), options);
  for (const std::size_t threads : {2, 5, 40}) {
    ForestOptions many = options;
    many.threads = threads;
    CHECK(Forest::fit(problem.examples(), many) == one);
  }
  ForestOptions other = options;
  other.seed = 6;
  CHECK_FALSE(Forest::fit(problem.examples(), other) == one);
}

TEST_CASE("a_tree_fits_what_it_has_seen_and_obeys_its_limits") {
  const Problem problem(300, 1, 0.0);
  // Grown to the end with many trees, most trees have seen an example and know it.
  const auto deep = errors(Forest::fit(problem.examples(), {.trees = 200, .features_per_split = 10}), problem);
  const auto stumps = errors(Forest::fit(problem.examples(), {.trees = 200, .maximum_depth = 1}), problem);
  const auto coarse = errors(Forest::fit(problem.examples(), {.trees = 200, .minimum_leaf = 100}), problem);
  CHECK(deep[0] < 0.1 * stumps[0]);
  CHECK(deep[0] < 0.1 * coarse[0]);
  CHECK(deep[1] < 0.01);
  const auto nodes = [&](const ForestOptions& options) {
    return Forest::fit(problem.examples(), options).parts().nodes.size();
  };
  CHECK(nodes({.trees = 10, .maximum_depth = 1}) == 30);
  CHECK(nodes({.trees = 10, .minimum_leaf = 151}) == 10);
  CHECK(nodes({.trees = 1, .minimum_leaf = 20}) <= 2 * 15 - 1);
}

TEST_CASE("constant_targets_and_features_grow_no_branches") {
  const std::vector<float> features{1, 2, 3, 4}, same{7, 7, 7, 7};
  const Forest constant = Forest::fit({features, same, 4}, {.trees = 5});
  CHECK(constant.predict(std::vector<float>{2.5f}) == std::vector<float>{7.0f});
  const Forest blind = Forest::fit({same, features, 4}, {.trees = 50});
  CHECK(blind.parts().nodes.size() == 50);
  CHECK(blind.predict(std::vector<float>{7.0f})[0] == doctest::Approx(2.5f).epsilon(0.2));
  const Forest lonely = Forest::fit({std::span(features).first(1), std::span(same).first(1), 1}, {});
  CHECK(lonely.predict(std::vector<float>{0.0f}) == std::vector<float>{7.0f});
  CHECK(std::isnan(lonely.out_of_bag_error()[0]));
}

TEST_CASE("examples_that_cannot_be_learnt_from_are_refused") {
  const std::vector<float> five(5, 1.0f);
  const auto refused = [](const ForestExamples& examples, const ForestOptions& options = {}) {
    return thrown_by([&] { Forest::fit(examples, options); });
  };
  CHECK(refused({}).says("on 0 examples"));
  CHECK(refused({five, five, 2}).says("2 examples with 5 features"));
  CHECK(refused({five, five, 5}, {.trees = 0}).says("0 trees"));
  CHECK(refused({five, std::vector<float>(5, NAN), 5}).says("NaN"));
  CHECK(thrown_by([&] {
          Forest::fit({five, five, 5}, {.trees = 1}).predict(five);
        }).says("5 features: the forest was"));
}
