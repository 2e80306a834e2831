#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/search.hpp"

// Every row of the catalogue, through the public header.

using namespace soundalike;

namespace {

using Point = std::vector<double>;
using Cost = std::function<double(const Point&)>;

SearchOptions continuous(std::size_t dimensions, std::size_t budget, std::uint64_t seed = 1) {
  SearchOptions options;
  options.dimensions.resize(dimensions);
  options.budget = budget;
  options.seed = seed;
  return options;
}

struct Path {
  std::vector<Point> points;
  std::vector<std::size_t> populations;
  Search::Best best;
};

Path run(std::string_view method, const SearchOptions& options, const Cost& cost) {
  const auto search = make_search(method, options);
  Path path;
  double lowest = std::numeric_limits<double>::infinity();
  while (!search->done()) {
    const auto points = search->ask();
    REQUIRE(!points.empty());
    std::vector<double> costs;
    for (const Point& point : points) costs.push_back(cost(point));
    search->tell(costs);
    path.points.insert(path.points.end(), points.begin(), points.end());
    path.populations.push_back(points.size());
    for (const double c : costs) {
      if (c < lowest) lowest = c;
    }
    CHECK(search->best().cost == lowest);
  }
  CHECK(search->ask().empty());
  path.best = search->best();
  return path;
}

double sphere(const Point& x) {
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += std::pow(x[i] - 0.3 - 0.05 * static_cast<double>(i), 2);
  return sum;
}

// In [-2.048, 2.048]^n; 0 at (1, ..., 1).
double rosenbrock(const Point& x) {
  const auto u = [&](std::size_t i) { return 4.096 * x[i] - 2.048; };
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    sum += 100.0 * std::pow(u(i + 1) - u(i) * u(i), 2) + std::pow(1.0 - u(i), 2);
  }
  return sum;
}

double median_of_seeds(std::string_view method, SearchOptions options, const Cost& cost) {
  std::vector<double> costs;
  for (options.seed = 0; options.seed < 7; ++options.seed) costs.push_back(run(method, options, cost).best.cost);
  std::ranges::nth_element(costs, costs.begin() + 3);
  return costs[3];
}

bool is_random(const SearchMethod& method) { return method.name == "random"; }

ErrorCode refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}

}  // namespace

TEST_CASE("sphere_is_solved_within_400_evaluations") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    CHECK(median_of_seeds(method.name, continuous(5, 400), sphere) < (is_random(method) ? 0.1 : 1e-6));
  }
}

TEST_CASE("rosenbrock_is_solved_within_2000_evaluations_where_interactions_are_learnt") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    const double bound = is_random(method) ? 30.0 : method.name == "sep-cma-es" ? 1.0 : 1e-4;
    CHECK(median_of_seeds(method.name, continuous(3, 2000), rosenbrock) < bound);
  }
}

TEST_CASE("an_optimum_in_a_corner_is_reached_exactly_and_one_beside_a_border_is_not_pushed_away") {
  for (const SearchMethod& method : search_methods()) {
    if (is_random(method)) continue;
    CAPTURE(method.name);
    const Cost corner = [](const Point& x) { return x[0] + 2.0 * (1.0 - x[1]) + x[2] + 0.1 * (1.0 - x[3]); };
    CHECK(median_of_seeds(method.name, continuous(4, 400), corner) < 1e-6);
    const Cost beside = [](const Point& x) {
      return std::pow(x[0] - 0.01, 2) + std::pow(x[1] - 0.99, 2) + std::pow(x[2] - 0.5, 2);
    };
    CHECK(median_of_seeds(method.name, continuous(3, 400), beside) < 1e-6);
  }
}

TEST_CASE("one_knob_is_enough_and_so_are_a_hundred") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    const Cost valley = [](const Point& x) { return std::abs(x[0] - 0.7); };
    CHECK(run(method.name, continuous(1, 200), valley).best.cost < (is_random(method) ? 0.02 : 1e-4));
    CHECK(run(method.name, continuous(100, 300), sphere).points.size() == 300);
  }
}

TEST_CASE("equal_seeds_give_equal_paths_and_others_others") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    const Path a = run(method.name, continuous(4, 150, 3), rosenbrock);
    CHECK(a.points == run(method.name, continuous(4, 150, 3), rosenbrock).points);
    CHECK(a.points != run(method.name, continuous(4, 150, 4), rosenbrock).points);
  }
}

TEST_CASE("points_stay_in_the_box_and_the_budget_is_met_exactly") {
  for (const SearchMethod& method : search_methods()) {
    for (const std::size_t budget : {1, 2, 7, 33, 400}) {
      CAPTURE(method.name);
      CAPTURE(budget);
      SearchOptions options = continuous(3, budget);
      options.dimensions[1].categories = 3;
      const Path path = run(method.name, options, [](const Point& x) { return x[0] - x[1] - 5.0 * x[2]; });
      CHECK(path.points.size() == budget);
      for (const Point& point : path.points) {
        REQUIRE(point.size() == 3);
        for (const double x : point) CHECK((x >= 0.0 && x <= 1.0));
        const bool is_category = point[1] == 0.5 / 3.0 || point[1] == 0.5 || point[1] == 2.5 / 3.0;
        CHECK(is_category);
      }
    }
  }
}

TEST_CASE("starts_are_tried_first_and_their_categories_snapped") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    SearchOptions options = continuous(2, 60);
    options.dimensions[1].categories = 4;
    options.starts = {{0.25, 0.99}, {1.0, 0.0}};
    const Path path = run(method.name, options, sphere);
    CHECK(path.points[0] == Point{0.25, 0.875});
    CHECK(path.points[1] == Point{1.0, 0.125});
  }
}

TEST_CASE("population_is_what_was_asked_for") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    SearchOptions options = continuous(3, 100);
    options.population = 10;
    const Path path = run(method.name, options, sphere);
    for (const std::size_t population : path.populations) CHECK(population <= 10);
    CHECK(path.populations.front() == 10);
  }
}

TEST_CASE("costs_that_are_no_numbers_count_as_worst") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    const Cost broken = [](const Point& x) {
      if (x[0] < 0.2) return std::nan("");
      if (x[1] > 0.9) return -std::numeric_limits<double>::infinity();
      return sphere(x);
    };
    const auto search = make_search(method.name, continuous(3, 400));
    while (!search->done()) {
      std::vector<double> costs;
      for (const Point& point : search->ask()) costs.push_back(broken(point));
      search->tell(costs);
    }
    CHECK(search->best().cost < (is_random(method) ? 0.05 : 1e-6));
    CHECK(search->best().cost == sphere(search->best().point));
  }
}

TEST_CASE("a_flat_or_wholly_broken_landscape_does_not_end_the_search") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    CHECK(run(method.name, continuous(4, 300), [](const Point&) { return 1.0; }).best.cost == 1.0);
    CHECK(run(method.name, continuous(4, 300), [](const Point&) { return std::nan(""); }).points.size() == 300);
  }
}

TEST_CASE("the_best_category_is_found_with_its_continuous_optimum") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    SearchOptions options = continuous(4, 600);
    options.dimensions[1].categories = 5;
    options.dimensions[3].categories = 3;
    const Cost cost = [](const Point& x) {
      const double wrong = (x[1] != 0.3 ? 0.2 : 0.0) + (x[3] != 2.5 / 3.0 ? 0.1 : 0.0);
      return wrong + std::pow(x[0] - 0.8, 2) + std::pow(x[2] - x[1], 2);
    };
    CHECK(median_of_seeds(method.name, options, cost) < (is_random(method) ? 0.1 : 1e-6));
  }
}

TEST_CASE("every_value_of_a_choice_is_tried_with_few_evaluations") {
  for (const SearchMethod& method : search_methods()) {
    for (const std::size_t values : {3, 12}) {
      for (std::uint64_t seed = 0; seed < 50; ++seed) {
        CAPTURE(method.name);
        CAPTURE(values);
        CAPTURE(seed);
        SearchOptions options = continuous(3, 26, seed);
        options.dimensions[1].categories = values;
        options.starts = {{0.5, 0.0, 0.5}, {0.1, 0.0, 0.9}};
        std::set<double> tried;
        // The value of the starts is the best until another is tried.
        const Path path = run(method.name, options, [&](const Point& x) {
          tried.insert(x[1]);
          return x[1] < 0.5 / static_cast<double>(values) + 1e-9 ? 0.5 : 1.0 + x[0];
        });
        CHECK(tried.size() == values);
      }
    }
  }
}

TEST_CASE("few_combinations_of_categories_are_each_tried_once") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    SearchOptions options = continuous(3, 24);
    options.dimensions = {{4}, {3}, {2}};
    options.starts = {{0.5, 0.5, 0.75}, {0.6, 0.4, 0.9}};
    const Path path = run(method.name, options, sphere);
    CHECK(path.points.size() == 24);
    CHECK(std::set(path.points.begin(), path.points.end()).size() == 24);
    CHECK(path.points[0] == Point{0.625, 0.5, 0.75});
  }
}

TEST_CASE("many_combinations_of_categories_are_searched") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    SearchOptions options = continuous(6, 500);
    for (auto& dimension : options.dimensions) dimension.categories = 8;
    const double found = median_of_seeds(method.name, options, [](const Point& x) {
      double sum = 0.0;
      for (const double v : x) sum += std::abs(v - 0.4375);
      return sum;
    });
    CHECK(found < (is_random(method) ? 0.8 : 0.3));
  }
}

TEST_CASE("a_space_without_dimensions_has_one_point") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    const Path path = run(method.name, continuous(0, 50), [](const Point&) { return 2.0; });
    CHECK(path.points == std::vector<Point>{Point{}});
    CHECK(path.best.cost == 2.0);
  }
}

TEST_CASE("asking_and_telling_out_of_turn_is_refused") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    const auto search = make_search(method.name, continuous(2, 50));
    CHECK(std::isinf(search->best().cost));
    CHECK(refusal([&] { search->tell(std::vector<double>{1.0}); }) == ErrorCode::invalid_argument);
    const auto points = search->ask();
    CHECK(refusal([&] { search->ask(); }) == ErrorCode::invalid_argument);
    CHECK(refusal([&] { search->tell(std::vector<double>(points.size() - 1)); }) == ErrorCode::invalid_argument);
    search->tell(std::vector<double>(points.size(), 1.0));
    CHECK(search->best().cost == 1.0);
    CHECK(!search->ask().empty());
  }
}

TEST_CASE("options_that_cannot_work_are_refused") {
  for (const SearchMethod& method : search_methods()) {
    CAPTURE(method.name);
    const auto refused = [&](const std::function<void(SearchOptions&)>& spoil) {
      SearchOptions options = continuous(2, 50);
      spoil(options);
      return refusal([&] { make_search(method.name, options); }) == ErrorCode::invalid_argument;
    };
    CHECK(refused([](SearchOptions& o) { o.budget = 0; }));
    CHECK(refused([](SearchOptions& o) { o.population = 1; }));
    CHECK(refused([](SearchOptions& o) { o.starts = {{0.5}}; }));
    CHECK(refused([](SearchOptions& o) { o.starts = {{0.5, 1.01}}; }));
    CHECK(refused([](SearchOptions& o) { o.starts = {{std::nan(""), 0.5}}; }));
  }
  CHECK_THROWS_WITH_AS(make_search("cmaes", continuous(2, 50)),
                       "unknown search method 'cmaes'; known: auto, cma-es, sep-cma-es, random", Error);
}

TEST_CASE("auto_is_full_for_few_knobs_and_diagonal_for_many") {
  CHECK(run("auto", continuous(5, 400), sphere).points == run("cma-es", continuous(5, 400), sphere).points);
  CHECK(run("auto", continuous(30, 400), sphere).points == run("sep-cma-es", continuous(30, 400), sphere).points);
}

TEST_CASE("a_rough_landscape_costs_less_than_a_third_of_random_search") {
  // A bowl under reproducible noise of 5 % of its cost, with a knob that only matters near its right value.
  const Cost rough = [](const Point& x) {
    double cost = std::sqrt(sphere(x)) + 0.2 * (1.0 - std::exp(-std::abs(x[5] - 0.6) / 0.05));
    std::uint64_t hash = 0;
    for (const double v : x) hash = hash * 31 + static_cast<std::uint64_t>(v * 1e9);
    return cost * (1.0 + 0.1 * (Rng(hash).uniform() - 0.5));
  };
  const double random = median_of_seeds("random", continuous(6, 400), rough);
  for (const auto* method : {"auto", "cma-es", "sep-cma-es"}) {
    CAPTURE(method);
    CHECK(median_of_seeds(method, continuous(6, 400), rough) < random / 3.0);
  }
}
