#include "soundalike/classifier.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "fixtures/errors.hpp"
#include "learn/examples.hpp"
#include "learn/logistic.hpp"

using namespace soundalike;

namespace {

struct Problem {
  Examples rows;
  std::vector<int> classes;
  std::vector<std::size_t> groups;
};

/// Blobs that overlap; a group of eight is one take of each of four classes, twice.
Problem problem(double apart = 1.0) {
  Problem p{blob_examples(400, 6, 4, apart), {}, {}};
  for (std::size_t i = 0; i < 400; ++i) {
    p.classes.push_back(static_cast<int>(i % 4));
    p.groups.push_back(i / 8);
  }
  return p;
}

}  // namespace

TEST_CASE("every_classifier_tells_blobs_apart_and_none_tells_chance") {
  const Problem clear = problem(3.0);
  Problem chance = problem();
  chance.rows = uniform_examples(400, 6, 3);
  for (const ClassifierKind& kind : classifiers()) {
    CAPTURE(kind.name);
    const auto right = cross_validate(kind, {clear.rows, clear.classes}, clear.groups, 5, 1, 2);
    CHECK(score_classes(clear.classes, right).accuracy > 0.95);
    const auto guessed = cross_validate(kind, {chance.rows, chance.classes}, chance.groups, 5, 1, 2);
    CHECK(score_classes(chance.classes, guessed).accuracy < 0.35);
    CHECK(cross_validate(kind, {clear.rows, clear.classes}, clear.groups, 5, 1, 1) == right);
  }
}

TEST_CASE("groups_are_never_split_so_what_only_a_group_knows_does_not_help") {
  // Every group has a place and a class of its own: who has seen one of the group knows the answer, nobody else does.
  Problem p;
  p.rows.width = 3;
  const Examples places = uniform_examples(60, 3, 1);
  for (std::size_t i = 0; i < 600; ++i) {
    const std::size_t group = i % 60;
    p.rows.values.insert(p.rows.values.end(), places.values.begin() + static_cast<std::ptrdiff_t>(3 * group),
                         places.values.begin() + static_cast<std::ptrdiff_t>(3 * group + 3));
    p.classes.push_back(static_cast<int>((group * 7) % 4));
    p.groups.push_back(group);
  }
  std::vector<std::size_t> alone(600);
  for (std::size_t i = 0; i < 600; ++i) alone[i] = i;
  for (const ClassifierKind& kind : classifiers()) {
    if (kind.name == "logistic") continue;  // too simple to learn places by heart
    CAPTURE(kind.name);
    const auto split = cross_validate(kind, {p.rows, p.classes}, alone, 5, 1);
    const auto whole = cross_validate(kind, {p.rows, p.classes}, p.groups, 5, 1);
    CHECK(score_classes(p.classes, split).accuracy == 1.0);
    CHECK(score_classes(p.classes, whole).accuracy < 0.6);
  }
}

TEST_CASE("logistic_weights_are_those_of_sklearn") {
  // tools/golden/learn.py; the tolerance is that of both optimisers.
  const Problem p = problem();
  const learn::Logistic model = learn::fit_logistic(p.rows, p.classes, 4);
  const double golden[] = {-0.4789227, -0.4899985, 0.4195923, -1.9450618, 0.3236487, 1.8933121};
  for (std::size_t d = 0; d < 6; ++d) CHECK(model.weights[d] == doctest::Approx(golden[d]).epsilon(2e-3).scale(1.0));
}

TEST_CASE("scores_count_what_was_answered") {
  const std::vector<int> truth{0, 0, 0, 1, 1, 2}, answers{0, 0, 1, 1, 1, 0};
  const ClassScores scores = score_classes(truth, answers);
  CHECK(scores.accuracy == doctest::Approx(4.0 / 6.0));
  CHECK(scores.macro_f1 == doctest::Approx((2.0 / 3.0 + 0.8 + 0.0) / 3.0));
  CHECK(scores.confusion == std::vector<std::vector<std::size_t>>{{2, 1, 0}, {0, 2, 0}, {1, 0, 0}});
}

TEST_CASE("fewer_groups_than_folds_are_refused") {
  const Problem p = problem();
  const std::vector<std::size_t> one(400, 0);
  CHECK(thrown_by([&] {
          cross_validate(classifiers()[0], {p.rows, p.classes}, one, 5, 1);
        }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] {
          cross_validate(classifiers()[0], {p.rows, {}}, p.groups, 5, 1);
        }).code == ErrorCode::invalid_argument);
}
