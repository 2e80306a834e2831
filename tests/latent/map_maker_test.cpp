#include "soundalike/map_maker.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "fixtures/errors.hpp"
#include "latent/map_fixture.hpp"
#include "latent/sampling.hpp"
#include "soundalike/embedder.hpp"
#include "soundalike/level.hpp"
#include "soundalike/sound_features.hpp"
#include "track/folder_lock.hpp"

using namespace map_fixture;

TEST_CASE("a_map_is_the_same_for_any_number_of_workers_and_threads") {
  const TempFolder folder;
  for (const Sampling sampling : {Sampling::uniform, Sampling::sobol, Sampling::adaptive}) {
    CAPTURE(to_string(sampling));
    MapOptions options = small();
    options.sampling = sampling;
    const std::string name(to_string(sampling));
    make(folder / name, options);
    options.renderer.workers = 1;
    options.threads = 1;
    make(folder / (name + "-again"), options);
    CHECK(content(folder / name) == content(folder / (name + "-again")));
  }
}

TEST_CASE("a_map_says_of_each_point_what_rendering_it_gives") {
  const TempFolder folder;
  const LatentMap map = make(folder / "map", small());
  BatchRenderer renderer({effect("filter")}, {map.clip().sample_rate(), 1, map.outline().block_size});
  const auto clip = renderer.add_clip(map.clip());
  const Embedder embedder("style");
  const auto& names = sound_features();
  for (const std::size_t point : {0u, 17u, 59u}) {
    const auto results = renderer.render(std::vector<BatchRenderer::Job>{{clip, map.settings()[point]}});
    const auto embedding = embedder.embed(results[0].audio);
    CHECK(std::ranges::equal(embedding, map.embeddings()[point]));
    const auto features = describe_sound(results[0].audio);
    for (std::size_t f = 0; f < names.size(); ++f) CHECK(map.column(names[f].name)[point] == features[f]);
  }
  CHECK(map.clip().seconds() == doctest::Approx(0.3));
  CHECK(measure_lufs(map.clip()) == doctest::Approx(-18.0).epsilon(0.01));
  CHECK(map.column("p_cutoff")[3] == map.settings()[3][2]);
}

TEST_CASE("a_map_that_was_stopped_goes_on_to_the_same_end") {
  const TempFolder folder;
  MapOptions options = small(600);  // several batches
  make(folder / "whole", options);
  std::stop_source source;
  const Progress stop_soon = [&](const ProgressUpdate& update) {
    if (update.done >= 256) source.request_stop();
  };
  const auto begun = [&] {
    make_map(folder / "stopped", effect("filter"), tune(), "tune.wav", options, stop_soon, source.get_token());
  };
  CHECK(thrown_by(begun).code == ErrorCode::cancelled);
  CHECK(thrown_by([&] { LatentMap::open(folder / "stopped"); }).says("not finished"));
  // As if it had been killed while it wrote: half a record, then rubbish.
  {
    std::ofstream journal(folder / "stopped" / "points.journal", std::ios::binary | std::ios::app);
    journal << std::string(100, '\x5a');
  }
  std::size_t first_seen = 0;
  make_map(folder / "stopped", effect("filter"), tune(), "tune.wav", options, [&](const ProgressUpdate& update) {
    if (first_seen == 0) first_seen = update.done;
  });
  CHECK(first_seen > 256);  // what was done is not done again
  CHECK(content(folder / "stopped") == content(folder / "whole"));
}

TEST_CASE("a_map_is_made_once_and_opened_after_that") {
  const TempFolder folder;
  make(folder / "map", small());
  const auto before = content(folder / "map");
  make_map(folder / "map", effect("filter"), tune(), "tune.wav", small(),
           [](const ProgressUpdate&) { FAIL("nothing is left to do"); });
  CHECK(content(folder / "map") == before);
  MapOptions other = small();
  other.seed = 1;
  const Thrown thrown = thrown_by([&] { make(folder / "map", other); });
  CHECK(thrown.code == ErrorCode::invalid_argument);
  CHECK(thrown.says("another one is there"));
  CHECK(thrown_by([&] { make(folder / "map", small(), "delay"); }).says("another one is there"));
}

TEST_CASE("a_map_is_made_in_a_folder_of_its_own_by_one_process") {
  const TempFolder folder;
  folder.touch("mine/thesis.tex");
  CHECK(thrown_by([&] { make(folder / "mine", small()); }).says("thesis.tex"));
  fs::create_directory(folder / "map");
  {
    const track::FolderLock other(folder / "map");
    CHECK(thrown_by([&] { make(folder / "map", small()); }).says("another"));
  }
  CHECK(make(folder / "map", small()).points() == 60);
}

TEST_CASE("a_full_disk_is_told_and_what_was_rendered_stays") {
  const TempFolder folder;
  MapOptions options = small(600);
  make(folder / "whole", options);
  // A limit on file sizes is how a test gets a full disk: beyond it writing fails.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  rlimit tight = old;
  tight.rlim_cur = 120000;  // the journal needs 176 kB
  setrlimit(RLIMIT_FSIZE, &tight);
  const Thrown thrown = thrown_by([&] { make(folder / "map", options); });
  setrlimit(RLIMIT_FSIZE, &old);
  CHECK(thrown.code == ErrorCode::io);
  make(folder / "map", options);
  CHECK(content(folder / "map") == content(folder / "whole"));
}

TEST_CASE("adaptive_points_lie_where_the_sound_changes_faster") {
  // One knob whose sound changes between 0.4 and 0.6 alone.
  std::vector<float> points, embeddings;
  for (const double x : latent::even_points(Sampling::sobol, 200, 1, 3)) {
    points.push_back(static_cast<float>(x));
    embeddings.push_back(static_cast<float>(std::clamp((x - 0.4) * 5.0, 0.0, 1.0)));
  }
  const auto denser = latent::denser_points({points, 1}, {embeddings, 1}, 400, 3, 0, 2);
  const auto inside = std::ranges::count_if(denser, [](double x) { return x > 0.38 && x < 0.62; });
  CHECK(denser.size() == 400);
  CHECK(inside > 390);
}

TEST_CASE("what_makes_no_map_is_refused_before_rendering") {
  const TempFolder folder;
  const auto refused = [&](MapOptions options, AudioView audio) {
    return thrown_by([&] { make_map(folder / "map", effect("filter"), audio, "x", options); });
  };
  CHECK(refused(small(5), tune()).says("40 to 100000"));
  CHECK(refused(small(), AudioBuffer(1, 24000, {24000.0})).code == ErrorCode::bad_audio);
  CHECK(refused(small(), tune(0.01)).code == ErrorCode::invalid_argument);
  MapOptions unknown = small();
  unknown.encoder = "nonesuch";
  CHECK(refused(unknown, tune()).says("style-encoder"));
  MapOptions fixed = small();
  for (const auto& parameter : effect("filter").parameters) fixed.pinned.emplace_back(parameter.id, "50 %");
  CHECK(refused(fixed, tune()).code == ErrorCode::invalid_argument);
  CHECK(!fs::exists(folder / "map"));
}
