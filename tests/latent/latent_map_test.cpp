#include "soundalike/latent_map.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "fixtures/errors.hpp"
#include "latent/map_fixture.hpp"
#include "soundalike/npy.hpp"

using namespace map_fixture;

namespace {

void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

/// Replaces the first occurrence; fails where there is none.
void edit(const fs::path& file, const std::string& from, const std::string& to) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  in.close();
  write(file, text.replace(at, from.size(), to));
}

/// One map of the filter with its mode free, for the tests that only look.
const LatentMap& looked_at() {
  static const TempFolder folder;
  static const LatentMap map = [] {
    MapOptions options = small(200);
    options.freed = {"mode"};
    return make(folder / "map", options);
  }();
  return map;
}

}  // namespace

TEST_CASE("on_a_point_its_own_settings_are_found") {
  const LatentMap& map = looked_at();
  for (const auto& projection : map.outline().projections) {
    const auto places = map.projection(projection.name);
    for (const std::size_t point : {0u, 50u, 199u}) {
      const Located here = map.locate(projection.name, double{places[2 * point]}, double{places[2 * point + 1]});
      CHECK(std::ranges::equal(here.settings, map.settings()[point]));
      CHECK(here.neighbours.front().point == point);
      CHECK(here.neighbours.front().weight == 1.0);
    }
  }
}

TEST_CASE("settings_move_continuously_between_points_and_choices_are_never_averaged") {
  const LatentMap& map = looked_at();
  const auto places = map.projection(map.default_projection());
  const std::size_t mode = map.outline().free.front().parameter;
  REQUIRE(map.outline().parameters[mode].id == "mode");
  constexpr int steps = 20000;
  std::vector<float> before;
  double largest_step = 0.0;
  for (int i = 0; i <= steps; ++i) {
    const double share = static_cast<double>(i) / steps;
    const double x = double{places[0]} + share * (double{places[20]} - double{places[0]});
    const double y = double{places[1]} + share * (double{places[21]} - double{places[1]});
    const Located here = map.locate(map.default_projection(), x, y);
    double total = 0.0;
    for (const auto& [point, weight] : here.neighbours) total += weight;
    CHECK(total == doctest::Approx(1.0));
    const float choice = here.settings[mode];
    CHECK(std::ranges::any_of(here.neighbours,
                              [&](const PointWeight& n) { return map.settings()[n.point][mode] == choice; }));
    for (std::size_t p = 0; p < here.settings.size() && !before.empty(); ++p) {
      if (p != mode) largest_step = std::max(largest_step, std::abs(double{here.settings[p]} - double{before[p]}));
    }
    before = here.settings;
  }
  CHECK(largest_step > 0.0);
  CHECK(largest_step < 0.05);  // of 20 000 steps; where neighbours were dropped at once it would be 0.1 and more
}

TEST_CASE("a_point_of_the_map_is_placed_where_it_lies") {
  const LatentMap& map = looked_at();
  for (const auto& projection : map.outline().projections) {
    CAPTURE(projection.name);
    const auto places = map.projection(projection.name);
    const auto [low, high] = std::ranges::minmax(places);
    for (const std::size_t point : {1u, 77u, 150u}) {
      const auto by_settings = map.place_settings(projection.name, map.settings()[point]);
      const auto by_sound = map.place_embedding(projection.name, map.embeddings()[point]);
      for (std::size_t d = 0; d < 2; ++d) {
        const double truth = double{places[2 * point + d]};
        CHECK(by_settings[d] == doctest::Approx(truth).epsilon(1e-6));
        CHECK(std::abs(by_sound[d] - truth) < 0.02 * double{high - low});
      }
    }
  }
}

TEST_CASE("knobs_that_do_not_move_do_not_matter_to_a_place") {
  const LatentMap& map = looked_at();
  std::vector<float> settings(map.settings()[5].begin(), map.settings()[5].end());
  const auto before = map.place_settings("pca", settings);
  const auto is_free = [&](std::size_t p) {
    return std::ranges::any_of(map.outline().free, [&](const auto& knob) { return knob.parameter == p; });
  };
  for (std::size_t p = 0; p < settings.size(); ++p) {
    if (!is_free(p)) settings[p] = 1.0f - settings[p];
  }
  CHECK(map.place_settings("pca", settings) == before);
}

TEST_CASE("every_column_has_a_number_per_point_and_categories_where_it_has_classes") {
  const LatentMap& map = looked_at();
  for (const auto& column : map.columns()) {
    CAPTURE(column.name);
    const auto values = map.column(column.name);
    CHECK(values.size() == map.points());
    for (const float value : values) {
      CHECK(std::isfinite(value));
      if (!column.categories.empty()) CHECK(value < static_cast<float>(column.categories.size()));
    }
  }
  CHECK(map.columns().front().categories == std::vector<std::string>{"Low Pass", "High Pass", "Band Pass", "Notch"});
  const Thrown thrown = thrown_by([&] { map.column("nonesuch"); });
  CHECK(thrown.code == ErrorCode::not_found);
  CHECK(thrown.says("brightness"));
  CHECK(thrown_by([&] { map.locate("nonesuch", 0, 0); }).says("pca"));
  CHECK(thrown_by([&] { map.locate("pca", std::numeric_limits<double>::infinity(), 0); }).code ==
        ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { map.place_settings("pca", std::vector<float>{0.5f}); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("a_map_knows_its_effect_and_refuses_another") {
  const LatentMap& map = looked_at();
  CHECK(map.is_of(effect("filter")));
  EffectListing newer = effect("filter");
  newer.info.version = "9.9";
  CHECK(!map.is_of(newer));
  newer.parameters.pop_back();
  CHECK(thrown_by([&] { static_cast<void>(map.is_of(newer)); }).says("make a map of that one"));
  CHECK(thrown_by([&] { static_cast<void>(map.is_of(effect("delay"))); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("a_broken_map_is_refused_with_the_name_of_the_file") {
  const TempFolder folder;
  const fs::path map = folder / "map";
  make(map, small());
  const auto refused = [&](const std::string& file, const auto& breaking) {
    CAPTURE(file);
    fs::remove_all(folder / "broken");
    fs::copy(map, folder / "broken", fs::copy_options::recursive);
    breaking(folder / "broken" / file);
    const Thrown thrown = thrown_by([&] {
      const LatentMap opened = LatentMap::open(folder / "broken");
      static_cast<void>(opened.embeddings());
      static_cast<void>(opened.column("brightness"));
    });
    CHECK(thrown.code.has_value());
    CHECK(thrown.says(file));
  };
  for (const std::string file : {"settings.npy", "embeddings.npy", "columns/brightness.npy", "projections/pca.npy"}) {
    refused(file, [](const fs::path& path) { fs::resize_file(path, fs::file_size(path) - 5); });
    refused(file, [](const fs::path& path) { fs::remove(path); });
    refused(file, [](const fs::path& path) { write_npy(path, {2}, std::vector<float>{1.0f, 2.0f}); });
  }
  refused("columns/brightness.npy", [](const fs::path& path) {
    std::vector<float> values(60, 1.0f);
    values[7] = std::numeric_limits<float>::quiet_NaN();
    write_npy(path, {60}, values);
  });
  refused("settings.npy", [](const fs::path& path) {
    NpyArray settings = read_npy(path);
    settings.values[4] = 1.5f;
    write_npy(path, settings.shape, settings.values);
  });
  refused("map.json", [](const fs::path& path) { fs::resize_file(path, fs::file_size(path) / 2); });
  refused("map.json", [](const fs::path& path) { edit(path, "\"format\": 1", "\"format\": 2"); });
  refused("map.json", [](const fs::path& path) { edit(path, "\"brightness\"", "\"../brightness\""); });
  refused("map.json", [](const fs::path& path) { edit(path, "\"points\": 60", "\"points\": -60"); });
  refused("map.json", [](const fs::path& path) { edit(path, "\"parameter\": 2", "\"parameter\": 200"); });
  refused("map.json", [](const fs::path& path) { fs::remove(path); });
}

TEST_CASE("an_outline_is_read_as_it_was_written") {
  const MapOutline& outline = looked_at().outline();
  CHECK(to_json(parse_map_outline(to_json(outline), "x")) == to_json(outline));
}
