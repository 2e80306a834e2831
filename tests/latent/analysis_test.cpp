#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "fixtures/errors.hpp"
#include "latent/map_fixture.hpp"
#include "soundalike/knob_sweep.hpp"
#include "soundalike/latent_scores.hpp"
#include "soundalike/npy.hpp"
#include "soundalike/scatter_picture.hpp"

using namespace map_fixture;

namespace {

const LatentMap& analysed() {
  static const TempFolder folder;
  static const LatentMap map = [] {
    MapOptions options = small(120);
    options.freed = {"mode"};
    return make(folder / "map", options);
  }();
  return map;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a_code_that_is_the_knobs_scores_as_such_and_dead_dimensions_are_found") {
  // The embeddings of a real map are replaced: two dimensions are knobs, one hardly moves.
  const TempFolder folder;
  fs::copy(analysed().folder(), folder / "map", fs::copy_options::recursive);
  const auto& free = analysed().outline().free;
  std::vector<float> codes;
  for (std::size_t i = 0; i < analysed().points(); ++i) {
    const auto settings = analysed().settings()[i];
    for (std::size_t d = 0; d < analysed().outline().embedding_size; ++d) {
      const std::size_t k = d < free.size() ? d : 0;
      codes.push_back(d < free.size() ? settings[free[k].parameter] : 1e-3f * settings[free[k].parameter]);
    }
  }
  write_npy(folder / "map" / "embeddings.npy", {analysed().points(), analysed().outline().embedding_size}, codes);
  const LatentScores scores = score_latent(LatentMap::open(folder / "map"), {.threads = 2});
  CHECK(scores.suggested_size == free.size());
  CHECK(scores.knobs.size() == free.size());
  for (const auto& knob : scores.knobs) CHECK(knob.dimension > 1.0);
  CHECK(scores.correlation[0] > 0.999);
  CHECK(!scores.dimensions[0].divergence.has_value());  // statistics have no prior
}

TEST_CASE("scores_do_not_depend_on_threads") {
  const LatentScores one = score_latent(analysed(), {.threads = 1}), two = score_latent(analysed(), {.threads = 3});
  CHECK(one.disentanglement.mig == two.disentanglement.mig);
  CHECK(one.disentanglement.importance == two.disentanglement.importance);
  for (std::size_t k = 0; k < one.knobs.size(); ++k) CHECK(one.knobs[k].dimension == two.knobs[k].dimension);
}

TEST_CASE("a_sweep_moves_one_knob_and_starts_and_ends_where_its_settings_belong") {
  const KnobSweep sweep = sweep_knob(analysed(), effect("filter"), "cutoff", "pca", 9, {.workers = 2});
  CHECK(sweep.settings.size() == 9);
  CHECK(sweep.settings.front() == 0.0f);
  CHECK(sweep.settings.back() == 1.0f);
  CHECK(sweep.texts.front() != sweep.texts.back());
  const auto place = analysed().place_embedding("pca", sweep.embeddings[4]);
  CHECK(double{sweep.positions[8]} == doctest::Approx(place[0]).epsilon(1e-6));
  const KnobSweep modes = sweep_knob(analysed(), effect("filter"), "Mode", "umap", 100, {.workers = 2});
  CHECK(modes.texts == std::vector<std::string>{"Low Pass", "High Pass", "Band Pass", "Notch"});
  CHECK(thrown_by([] { sweep_knob(analysed(), effect("filter"), "nonesuch", "pca", 9); }).says("cutoff"));
  CHECK(thrown_by([] { sweep_knob(analysed(), effect("delay"), "cutoff", "pca", 9); }).code ==
        ErrorCode::invalid_argument);
}

TEST_CASE("a_scatter_is_drawn_as_png_and_svg_the_same_each_time") {
  const TempFolder folder;
  const std::vector<float> places{0.0f, 0.0f, 1.0f, 2.0f, 3.0f, 1.0f};
  const ScatterPanel panel{.title = "a < b & c",
                           .horizontal = "x",
                           .positions = places,
                           .colors = colors_of_places(places),
                           .path = {0.0f, 0.0f, 3.0f, 1.0f},
                           .legend = {{"one", color_of_class(0)}}};
  for (const std::string name : {"a.png", "a.svg"}) {
    write_scatter_picture(folder / name, std::array{panel, panel}, 2);
    const std::string first = bytes_of(folder / name);
    write_scatter_picture(folder / name, std::array{panel, panel}, 2);
    CHECK(bytes_of(folder / name) == first);
  }
  CHECK(bytes_of(folder / "a.png").starts_with("\x89PNG"));
  const std::string svg = bytes_of(folder / "a.svg");
  CHECK(svg.find("a &lt; b &amp; c") != std::string::npos);
  std::size_t dots = 0;
  for (std::size_t at = svg.find("<circle"); at != std::string::npos; at = svg.find("<circle", at + 1)) ++dots;
  CHECK(dots == 2 * (3 + 1));
  CHECK(colors_of_places(places)[0] == DotColor{0, 0, 127});
  CHECK(colors_of_places(places)[1][1] == 255);
  CHECK(color_of_class(-1) != color_of_class(0));
  ScatterPanel broken = panel;
  broken.colors.pop_back();
  CHECK(thrown_by([&] { write_scatter_picture(folder / "b.png", std::array{broken}, 1); }).code ==
        ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { write_scatter_picture(folder / "b.gif", std::array{panel}, 1); }).says(".png or .svg"));
}
