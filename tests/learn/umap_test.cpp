#include "soundalike/umap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "fixtures/errors.hpp"
#include "learn/attraction.hpp"
#include "learn/examples.hpp"
#include "soundalike/projection_quality.hpp"

using namespace soundalike;

namespace {

/// Share of the examples whose nearest in the picture is of their own class, i % classes.
double purity(const std::vector<float>& plane, std::size_t classes, std::size_t from = 0) {
  const std::size_t n = plane.size() / 2;
  std::size_t right = 0;
  for (std::size_t i = from; i < n; ++i) {
    double least = std::numeric_limits<double>::infinity();
    std::size_t nearest = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const double distance =
          std::hypot(double{plane[2 * i]} - double{plane[2 * j]}, double{plane[2 * i + 1]} - double{plane[2 * j + 1]});
      if (j != i && distance < least) {
        least = distance;
        nearest = j;
      }
    }
    right += nearest % classes == i % classes ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(n - from);
}

bool all_finite(const std::vector<float>& values) {
  return std::ranges::all_of(values, [](float x) { return std::isfinite(x); });
}

}  // namespace

TEST_CASE("pictures_are_as_good_as_those_of_umap_learn") {
  // The worst of umap-learn's five seeds, by tools/golden/umap_learn.py, less half a percent.
  struct Row {
    Examples examples;
    double trustworthiness, kept;
  };
  for (const Row& row :
       {Row{bent_examples(1000), 0.99792, 0.7835}, Row{blob_examples(1000, 32, 8, 3.0), 0.99644, 0.7269}}) {
    for (const std::uint64_t seed : {1u}) {
      const auto plane = umap(row.examples, {.seed = seed, .threads = 2});
      const ProjectionQuality quality = projection_quality(row.examples, {plane, 2});
      CHECK(quality.trustworthiness > 0.995 * row.trustworthiness);
      CHECK(quality.neighbours_kept > 0.995 * row.kept);
    }
  }
}

TEST_CASE("a_picture_has_the_same_bits_for_any_number_of_threads") {
  const Examples examples = blob_examples(10100, 8, 5, 1.0);  // so many that several threads are used
  const UmapOptions options{.epochs = 10, .seed = 3, .threads = 1};
  const auto one = umap(examples, options);
  for (const std::size_t threads : {2u, 4u}) {
    UmapOptions more = options;
    more.threads = threads;
    CHECK(umap(examples, more) == one);
  }
  UmapOptions other = options;
  other.seed = 4;
  CHECK(umap(examples, other) != one);
}

TEST_CASE("the_curve_of_likeness_is_that_of_umap_learn") {
  const learn::Curve curve = learn::fit_curve(0.1, 1.0);
  CHECK(curve.a == doctest::Approx(1.576943).epsilon(1e-5));
  CHECK(curve.b == doctest::Approx(0.895061).epsilon(1e-5));
}

TEST_CASE("powers_are_right_to_a_hundred_thousandth") {
  for (double exponent = -40.0; exponent < 20.0; exponent += 0.0371) {
    const auto x = static_cast<float>(std::exp2(exponent));
    for (const float power : {0.5f, 0.895f, 1.0f, 1.4f}) {
      CHECK(double{learn::power_of(x, power)} == doctest::Approx(std::pow(double{x}, double{power})).epsilon(1e-5));
    }
  }
}

TEST_CASE("a_new_example_has_its_place_alone_as_among_others_and_near_its_like") {
  const Examples all = blob_examples(1100, 16, 6, 3.0);
  const Rows examples{std::span(all.values).first(1000 * 16), 16}, fresh{std::span(all.values).subspan(1000 * 16), 16};
  auto plane = umap(examples, {.seed = 1});
  const auto together = umap_transform(examples, plane, fresh, {.threads = 3});
  for (const std::size_t i : {0u, 42u, 99u}) {
    const auto alone = umap_transform(examples, plane, {fresh[i], 16});
    CHECK(alone[0] == together[2 * i]);
    CHECK(alone[1] == together[2 * i + 1]);
  }
  // Example 1000 + i is of class (1000 + i) % 6, as its place in the joined picture says.
  plane.insert(plane.end(), together.begin(), together.end());
  CHECK(purity(plane, 6, 1000) == 1.0);
}

TEST_CASE("classes_that_a_few_labels_name_come_apart") {
  // Classes that the numbers know nothing of.
  const Examples examples = uniform_examples(400, 5, 1);
  std::vector<int> labels;
  for (std::size_t i = 0; i < 400; ++i) labels.push_back(static_cast<int>(i % 2));
  CHECK(purity(umap(examples, {.epochs = 200}), 2) < 0.65);
  CHECK(purity(umap(examples, {.epochs = 200, .labels = labels, .label_weight = 0.9}), 2) > 0.9);
  // And classes that overlap a little: one label in eight helps.
  const Examples blobs = blob_examples(800, 4, 4, 0.15);
  std::vector<int> few(800, -1);
  for (std::size_t i = 0; i < 800; ++i) few[i] = i % 8 < 4 ? static_cast<int>(i % 4) : -1;
  const double without = purity(umap(blobs, {.epochs = 200}), 4);
  const double with = purity(umap(blobs, {.epochs = 200, .labels = few}), 4);
  CAPTURE(without);
  CHECK(without < 0.95);
  CHECK(with > without);
  const std::vector<int> unknown(400, -1);
  CHECK(all_finite(umap(examples, {.epochs = 20, .labels = unknown})));
}

TEST_CASE("parts_that_nothing_joins_and_examples_that_are_equal_have_places") {
  // Three blobs so far apart that the graph of neighbours falls into three.
  const auto apart = umap(blob_examples(300, 4, 3, 1e4), {.epochs = 50});
  CHECK(all_finite(apart));
  CHECK(purity(apart, 3) == 1.0);
  CHECK(all_finite(umap({std::vector<float>(200 * 3, 1.0f), 3}, {.epochs = 50})));
  Examples twins = uniform_examples(200, 3, 1);
  std::copy_n(twins.values.begin(), 300, twins.values.begin() + 300);
  CHECK(all_finite(umap(twins, {.epochs = 50})));
  CHECK(umap(uniform_examples(4, 2, 1), {.epochs = 10}).size() == 8);
}

TEST_CASE("what_cannot_be_laid_out_is_refused") {
  const Examples ten = uniform_examples(10, 2, 1);
  const auto refused = [&](const UmapOptions& options) {
    return thrown_by([&] { umap(ten, options); }).code == ErrorCode::invalid_argument;
  };
  CHECK(refused({.neighbours = 1}));
  CHECK(refused({.minimum_distance = 2.0}));
  CHECK(refused({.label_weight = 1.0}));
  const std::vector<int> few(3, 0);
  CHECK(refused({.labels = few}));
  CHECK(thrown_by([&] { umap(uniform_examples(3, 2, 1)); }).says("it takes 4"));
  CHECK(thrown_by([&] { umap_transform(ten, std::vector<float>(4), ten); }).code == ErrorCode::invalid_argument);
  std::stop_source source;
  source.request_stop();
  CHECK(thrown_by([&] { umap(ten, {}, {}, source.get_token()); }).code == ErrorCode::cancelled);
}
