#include "soundalike/map_labels.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <limits>

#include "fixtures/errors.hpp"
#include "latent/map_fixture.hpp"

using namespace map_fixture;

namespace {

struct Ends {
  float least = std::numeric_limits<float>::infinity(), most = -std::numeric_limits<float>::infinity();
};

Ends ends(const std::vector<float>& values, const std::vector<int>& classes, int wanted) {
  Ends result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (classes[i] != wanted) continue;
    result.least = std::min(result.least, values[i]);
    result.most = std::max(result.most, values[i]);
  }
  return result;
}

const LatentMap& labelled() {
  static const TempFolder folder;
  static const LatentMap map = make(folder / "map", small(200));
  return map;
}

}  // namespace

TEST_CASE("labels_by_a_column_are_its_lowest_and_highest_points") {
  const LatentMap& map = labelled();
  for (const std::string column : {"brightness", "depth", "loudness", "p_cutoff"}) {
    for (const std::size_t count : {1u, 5u, 25u, 100u}) {
      CAPTURE(column);
      CAPTURE(count);
      const MapLabels labels = label_by_columns(map, std::array{column}, count);
      const auto values = map.column(column);
      CHECK(std::ranges::count(labels.classes, 0) == static_cast<std::ptrdiff_t>(count));
      CHECK(std::ranges::count(labels.classes, 1) == static_cast<std::ptrdiff_t>(count));
      CHECK(labels.categories == std::vector<std::string>{"low " + column, "high " + column});
      const Ends low = ends(values, labels.classes, 0), high = ends(values, labels.classes, 1),
                 rest = ends(values, labels.classes, -1);
      CHECK(low.most <= std::min(rest.least, high.least));
      CHECK(high.least >= std::max(rest.most, low.most));
    }
  }
}

TEST_CASE("columns_that_go_against_each_other_still_have_all_their_labels") {
  // What is bright is not deep: both want the same points, and each class must still get as many as it asked for.
  const LatentMap& map = labelled();
  const auto bright = map.column("brightness"), deep = map.column("depth");
  for (const std::size_t count : {5u, 25u, 50u}) {
    const MapLabels labels = label_by_columns(map, std::array<std::string, 2>{"brightness", "depth"}, count);
    for (int c = 0; c < 4; ++c) {
      CHECK(std::ranges::count(labels.classes, c) == static_cast<std::ptrdiff_t>(count));
    }
    // Every labelled point is among the `4 count` most extreme of its own column.
    const auto rank = [&](const std::vector<float>& values, std::size_t point, bool lowest) {
      return std::ranges::count_if(values, [&](float v) { return lowest ? v < values[point] : v > values[point]; });
    };
    for (std::size_t i = 0; i < map.points(); ++i) {
      if (labels.classes[i] < 0) continue;
      const auto& values = labels.classes[i] < 2 ? bright : deep;
      CHECK(rank(values, i, labels.classes[i] % 2 == 0) < static_cast<std::ptrdiff_t>(4 * count));
    }
  }
}

TEST_CASE("labels_by_regions_are_the_points_inside") {
  const LatentMap& map = labelled();
  const auto places = map.projection("pca");
  const double x = double{places[0]}, y = double{places[1]};
  const auto box = [&](double size) {
    return std::vector<std::array<double, 2>>{
        {x - size, y - size}, {x + size, y - size}, {x + size, y + size}, {x - size, y + size}};
  };
  const MapLabels labels =
      label_by_regions(map, std::array{MapRegion{"near", "pca", box(0.5)}, MapRegion{"far", "pca", box(1e6)}});
  for (std::size_t i = 0; i < map.points(); ++i) {
    const bool near = std::abs(double{places[2 * i]} - x) < 0.5 && std::abs(double{places[2 * i + 1]} - y) < 0.5;
    CHECK(labels.classes[i] == (near ? 0 : 1));
  }
  const auto parsed = parse_regions(
      R"([{"name": "warm", "projection": "umap", "outline": [[0, 0], [1.5, 0], [0, 2]], "colour": "red"}])", "x");
  CHECK(parsed.size() == 1);
  CHECK(parsed[0].outline[1] == std::array{1.5, 0.0});
  CHECK(thrown_by([] {
          parse_regions(R"([{"name": "a", "projection": "b", "outline": [[0, 0]]}])", "x");
        }).says("three corners"));
  for (const std::string text :
       {"", "[", "{}", "[1]", R"([{"name": "a"}])", R"([{"name":"a","projection":"b","outline":[[0],[1],[2]]}])"}) {
    CHECK(thrown_by([&] { parse_regions(text, "x"); }).code == ErrorCode::invalid_argument);
  }
  CHECK(thrown_by([&] {
          label_by_regions(map, std::array{MapRegion{"empty", "pca", {{900, 900}, {901, 900}, {901, 901}}}});
        }).says("empty"));
}

TEST_CASE("a_labelled_projection_joins_the_map_and_draws_its_classes_together") {
  const TempFolder folder;
  fs::copy(labelled().folder(), folder / "map", fs::copy_options::recursive);
  const MapLabels labels = label_by_columns(labelled(), std::array<std::string, 1>{"tail"}, 50);
  const LatentMap map = add_labels(folder / "map", labels, {.weight = 0.9, .threads = 2});
  const auto column = map.column("label_tail_50");
  CHECK(std::ranges::equal(column, labels.classes, {}, {}, [](int c) { return static_cast<float>(c); }));
  CHECK(map.default_projection() == labelled().default_projection());
  // Spread of a class over that of all, before and after.
  const auto spread = [&](const std::string& projection) {
    const auto places = map.projection(projection);
    double within = 0.0, all = 0.0;
    for (std::size_t i = 0; i < map.points(); ++i) {
      for (std::size_t j = 0; j < map.points(); ++j) {
        const double distance = std::hypot(double{places[2 * i]} - double{places[2 * j]},
                                           double{places[2 * i + 1]} - double{places[2 * j + 1]});
        all += distance / static_cast<double>(map.points() * map.points());
        if (labels.classes[i] >= 0 && labels.classes[i] == labels.classes[j]) within += distance / 5000.0;
      }
    }
    return within / all;
  };
  CHECK(spread("umap_tail_50") < spread("umap"));
  const auto before = content(folder / "map");
  add_labels(folder / "map", labels, {.weight = 0.9, .threads = 1});
  CHECK(content(folder / "map") == before);
  MapLabels bad = labels;
  bad.name = "../tail";
  CHECK(thrown_by([&] { add_labels(folder / "map", bad); }).code == ErrorCode::invalid_argument);
  bad = labels;
  bad.classes.pop_back();
  CHECK(thrown_by([&] { add_labels(folder / "map", bad); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { label_by_columns(map, std::array<std::string, 1>{"tail"}, 101); }).code ==
        ErrorCode::invalid_argument);
}
