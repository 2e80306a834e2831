#include "soundalike/nearest.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "fixtures/errors.hpp"
#include "learn/examples.hpp"

using namespace soundalike;

namespace {

double squared(Rows a, std::size_t i, Rows b, std::size_t j) {
  double sum = 0.0;
  for (std::size_t d = 0; d < a.width; ++d) sum += std::pow(double{a[i][d]} - double{b[j][d]}, 2);
  return sum;
}

}  // namespace

TEST_CASE("the_nearest_are_those_that_sorting_finds") {
  for (const std::size_t width : {1u, 3u, 17u, 130u}) {
    CAPTURE(width);
    const Examples points = uniform_examples(333, width, 1), queries = uniform_examples(41, width, 2);
    const Neighbours found = nearest_to(queries, points, 7);
    for (std::size_t q = 0; q < 41; ++q) {
      std::vector<std::uint32_t> order(333);
      std::iota(order.begin(), order.end(), 0u);
      std::ranges::sort(order, {}, [&](std::uint32_t i) { return squared(queries, q, points, i); });
      for (std::size_t i = 0; i < 7; ++i) {
        CHECK(found.of(q)[i] == order[i]);
        CHECK(double{found.distances(q)[i]} == doctest::Approx(std::sqrt(squared(queries, q, points, order[i]))));
      }
    }
  }
}

TEST_CASE("a_point_is_not_its_own_neighbour_but_an_equal_one_is") {
  Examples points = uniform_examples(50, 4, 3);
  std::copy_n(points.values.begin() + 4 * 10, 4, points.values.begin() + 4 * 30);
  const Neighbours found = nearest_among(points, 3);
  CHECK(found.of(10)[0] == 30);
  CHECK(found.of(30)[0] == 10);
  CHECK(found.distances(10)[0] == 0.0f);
  for (std::size_t i = 0; i < 50; ++i) CHECK(std::ranges::find(found.of(i), i) == found.of(i).end());
}

TEST_CASE("of_equally_near_points_the_first_is_nearer") {
  const std::vector<float> same(20 * 2, 0.5f);
  const Neighbours found = nearest_among({same, 2}, 4);
  CHECK(std::vector(found.of(0).begin(), found.of(0).end()) == std::vector<std::uint32_t>{1, 2, 3, 4});
  CHECK(std::vector(found.of(19).begin(), found.of(19).end()) == std::vector<std::uint32_t>{0, 1, 2, 3});
}

TEST_CASE("neighbours_do_not_depend_on_the_number_of_threads") {
  const Examples points = uniform_examples(700, 33, 4);
  const Neighbours one = nearest_among(points, 15, 1);
  for (const std::size_t threads : {2u, 3u, 8u}) {
    const Neighbours more = nearest_among(points, 15, threads);
    CHECK(more.index == one.index);
    CHECK(more.distance == one.distance);
  }
}

TEST_CASE("what_has_no_nearest_is_refused") {
  const Examples points = uniform_examples(10, 3, 1);
  CHECK(thrown_by([&] { nearest_among(points, 10); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { nearest_to(points, points, 0); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { nearest_to(uniform_examples(2, 4, 1), points, 2); }).says("one width"));
  Examples broken = points;
  broken.values[5] = std::numeric_limits<float>::quiet_NaN();
  CHECK(thrown_by([&] { nearest_among(broken, 2); }).says("NaN"));
}
