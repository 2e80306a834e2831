#include "soundalike/map_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "fixtures/errors.hpp"
#include "latent/fuzz_map.hpp"
#include "latent/map_fixture.hpp"
#include "soundalike/map_labels.hpp"
#include "soundalike/rng.hpp"

using namespace map_fixture;

namespace {

/// As the original's full_data.csv: ids, files, features, settings, predictions, places of two projections, classes.
std::string original_table(std::size_t points, const std::string& knobs = "p_drive,p_muffle,p_output_db") {
  std::string csv = "id,audio_file,brightness_diff," + knobs + ",p_hat_drive,class,x_emb_n=0,y_emb_n=0,colour_n=0\n";
  Rng rng(1);
  for (std::size_t i = 0; i < points; ++i) {
    csv += std::to_string(i) + ",\"audio, " + std::to_string(i) + ".wav\"," + (i == 3 ? "" : "0.5");
    for (int k = 0; k < 4; ++k) csv += "," + std::to_string(rng.uniform());
    csv += "," + std::to_string(static_cast<int>(i % 3) - 1) + "," + std::to_string(rng.uniform()) + "," +
           std::to_string(rng.uniform()) + ",#ff007f\r\n";
  }
  return csv;
}

NpyArray embeddings(std::size_t points) {
  NpyArray array{{points, 6}, {}};
  Rng rng(2);
  for (std::size_t i = 0; i < 6 * points; ++i) array.values.push_back(static_cast<float>(rng.normal()));
  return array;
}

}  // namespace

TEST_CASE("the_originals_table_becomes_a_map") {
  const TempFolder folder;
  const NumberTable table = parse_number_table(original_table(60), "full_data.csv");
  const LatentMap map = import_map(folder / "old", table, embeddings(60));
  CHECK(map.points() == 60);
  std::vector<std::string> names;
  for (const auto& column : map.columns()) names.push_back(column.name);
  // brightness_diff has an empty field, the files and colours are no numbers
  CHECK(names == std::vector<std::string>{"p_drive", "p_muffle", "p_output_db", "id", "p_hat_drive", "label_class"});
  CHECK(map.projection("imported_n_0").size() == 120);
  CHECK(double{map.projection("imported_n_0")[0]} == doctest::Approx(table.columns[8][0]));
  CHECK(map.column("label_class")[5] == 1.0f);
  CHECK(double{map.settings()[7][1]} == doctest::Approx(table.columns[4][7]));
  const auto places = map.projection("imported_n_0");
  const auto again = map.place_embedding("imported_n_0", map.embeddings()[9]);
  CHECK(again[0] == doctest::Approx(double{places[18]}));
  CHECK(thrown_by([&] { map.clip(); }).code == ErrorCode::not_found);
  CHECK(thrown_by([&] { static_cast<void>(map.is_of(effect("filter"))); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("a_map_exported_reads_back_exactly") {
  const TempFolder folder;
  const LatentMap map = make(folder / "map", small());
  const NumberTable table = parse_number_table(map_csv(map), "x");
  CHECK(table.names.front() == "point");
  CHECK(table.names.back() == "y_umap");
  for (std::size_t c = 0; c < map.columns().size(); ++c) {
    const auto values = map.column(map.columns()[c].name);
    CHECK(table.names[c + 1] == map.columns()[c].name);
    CHECK(std::ranges::equal(table.columns[c + 1], values, {}, [](double x) { return static_cast<float>(x); }));
  }
}

TEST_CASE("labels_are_exported_by_their_names_and_come_back") {
  const TempFolder folder;
  make(folder / "map", small());
  MapLabels labels{"mood", std::vector<int>(60, -1), {"dark, \"deep\"", "bright"}};
  for (std::size_t i = 0; i < 30; ++i) labels.classes[i] = i % 3 == 0 ? 0 : 1;
  const LatentMap map = add_labels(folder / "map", labels, {.threads = 2});
  const NumberTable table = parse_number_table(map_csv(map), "x");
  const auto at = static_cast<std::size_t>(std::ranges::find(table.names, "label_mood") - table.names.begin());
  REQUIRE(at < table.names.size());
  CHECK(table.texts[at][0] == "dark, \"deep\"");
  CHECK(table.texts[at][1] == "bright");
  CHECK(table.texts[at][59].empty());
  CHECK(table.texts.front().empty());
  const LatentMap again = import_map(folder / "again", table, embeddings(60));
  CHECK(again.column("label_mood") == map.column("label_mood"));
  const auto column = std::ranges::find(again.columns(), "label_mood", &MapColumn::name);
  CHECK(column->categories == labels.categories);
}

TEST_CASE("what_makes_no_map_is_not_imported") {
  const TempFolder folder;
  const auto refused = [&](const std::string& csv, const NpyArray& array, const EffectListing* listing = nullptr) {
    return thrown_by([&] { import_map(folder / "old", parse_number_table(csv, "t.csv"), array, listing); });
  };
  CHECK(refused(original_table(60), embeddings(59)).code == ErrorCode::invalid_argument);
  CHECK(refused(original_table(60, "a,b,c"), embeddings(60)).says("p_<knob>"));
  CHECK(refused(original_table(60), embeddings(60), &effect("delay")).says("parameters"));
  CHECK(refused("", embeddings(60)).says("no header"));
  CHECK(refused("a,b\n1,2\n1\n", embeddings(60)).says("line 3"));
  CHECK(refused("a,b\n1,\"2\n", embeddings(60)).says("quote"));
  folder.touch("old/something");
  CHECK(refused(original_table(60), embeddings(60)).says("not empty"));
}

TEST_CASE("damaged_files_of_a_map_are_refused_and_nothing_worse") {
  const TempFolder folder;
  make(folder / "map", small());
  Rng rng(3);
  for (const auto& [name, bytes] : content(folder / "map")) {
    if (name.ends_with(".wav") || bytes.empty()) continue;
    const auto& shown = name;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown);
    for (int round = 0; round < 150; ++round) {
      std::string bad = bytes;
      for (std::uint64_t edits = 1 + rng.below(4); edits > 0; --edits) {
        const std::size_t at = rng.below(std::min<std::size_t>(bad.size(), 4000));
        switch (rng.below(4)) {
          case 0:
            bad[at] = static_cast<char>(rng.below(256));
            break;
          case 1:
            bad.resize(at);
            break;
          case 2:
            bad.insert(at, bad.substr(0, rng.below(40)));
            break;
          default:
            bad[at] = "0123456789-,\"{}[]()"[rng.below(19)];
        }
        if (bad.empty()) bad = "x";
      }
      fuzz_map(bad);
    }
  }
  fuzz_map(original_table(5));
  CHECK(true);
}
