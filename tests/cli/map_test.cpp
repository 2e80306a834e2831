// `soundalike map` and `soundalike latent`, end to end, with an effect that is part of the program.
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "cli/recordings.hpp"
#include "cli/run_program.hpp"

namespace {

using program::Run;
namespace fs = std::filesystem;

Run make_map(const recordings::Studio& studio, const std::string& folder, std::vector<std::string> more = {},
             const program::RunOptions& options = {}) {
  std::vector<std::string> words{
      "map", "in.wav", "-e", "builtin:filter", "-o",  folder, "--encoder", "style", "--seconds",
      "0.3", "-j",     "2",  "--free",         "mode"};
  words.insert(words.end(), more.begin(), more.end());
  return studio(words, options);
}

}  // namespace

TEST_CASE("a_map_is_made_labelled_drawn_swept_and_scored") {
  const recordings::Studio studio;
  const Run made = make_map(studio, "filter.map", {"-n", "80", "--json", "--no-progress"});
  REQUIRE_MESSAGE(made.status == 0, made.err);
  CHECK(made.json()["points"] == 80);
  CHECK(made.json()["projections"].size() == 2);
  CHECK(make_map(studio, "filter.map", {"-n", "80"}).status == 0);  // there already
  const Run other = make_map(studio, "filter.map", {"-n", "90"});
  CHECK(other.status == 2);
  CHECK(other.err.find("another one is there") != std::string::npos);

  const Run labelled = studio({"map", "label", "filter.map", "-c", "brightness", "-n", "10", "--json"});
  REQUIRE_MESSAGE(labelled.status == 0, labelled.err);
  CHECK(labelled.json()["labels"]["low brightness"] == 10);
  CHECK(studio({"map", "label", "filter.map"}).status == 2);

  for (const std::string file : {"map.png", "map.svg"}) {
    CHECK(studio({"latent", "picture", "filter.map", "-o", file, "-c", "label_brightness_10", "-c", "domain"}).status ==
          0);
    CHECK(fs::file_size(studio.path(file)) > 1000);
  }
  CHECK(studio({"latent", "picture", "filter.map", "-o", "pairs.png", "--pairs"}).status == 0);
  CHECK(studio({"latent", "picture", "filter.map", "-o", "x.png", "-c", "nonesuch"}).status == 3);
  const Run swept = studio({"latent", "sweep", "filter.map", "-k", "cutoff", "-n", "5", "-o", "sweep.png", "--json"});
  REQUIRE_MESSAGE(swept.status == 0, swept.err);
  CHECK(swept.json()["sweeps"][0]["path"].size() == 5);
  const Run scored = studio({"latent", "scores", "filter.map", "--json"});
  REQUIRE_MESSAGE(scored.status == 0, scored.err);
  CHECK(scored.json()["knobs"].size() == 4);
  CHECK(scored.json()["dimensions"].size() == 64);
}

TEST_CASE("a_map_without_a_recording_is_made_on_one_that_comes_along") {
  const recordings::Studio studio;
  const Run made = studio({"map", "-e", "builtin:filter", "-o", "demo.map", "--encoder", "style", "--seconds", "0.3",
                           "-n", "40", "-j", "2"});
  REQUIRE_MESSAGE(made.status == 0, made.err);
  CHECK(made.out.find("on band.flac") != std::string::npos);
  CHECK(fs::file_size(studio.path("demo.map") / "clip.wav") > 10000);
}

TEST_CASE("a_map_goes_out_as_a_table_and_comes_in_again") {
  const recordings::Studio studio;
  REQUIRE(studio({"map", "in.wav", "-e", "builtin:filter", "-o", "a.map", "--encoder", "style", "--seconds", "0.3",
                  "-n", "60", "-j", "2", "-q"})
              .status == 0);
  CHECK(studio({"map", "export", "a.map", "-o", "a.csv"}).status == 0);
  const fs::path embeddings = studio.path("a.map") / "embeddings.npy";
  const Run in = studio({"map", "import", "a.csv", embeddings.string(), "-o", "b.map", "--clip", "in.wav", "--json"});
  REQUIRE_MESSAGE(in.status == 0, in.err);
  CHECK(in.json()["points"] == 60);
  CHECK(studio({"latent", "picture", "b.map", "-o", "b.png", "-c", "brightness"}).status == 0);
  CHECK(studio({"map", "import", "a.csv", "in.wav", "-o", "c.map"}).status == 2);
}

TEST_CASE("effects_are_told_apart_by_an_encoder_and_by_a_baseline") {
  const recordings::Studio studio;
  fs::create_directory(studio.path("corpus"));
  for (int i = 0; i < 12; ++i) {
    program::write_wav(studio.path("corpus") / ("take_" + std::to_string(i) + ".wav"), recordings::tune(24000, 0.6, i),
                       24000);
  }
  const Run told = studio({"latent", "effects", "corpus", "-e", "builtin:filter", "-e", "builtin:reverb", "--encoder",
                           "style", "-n", "8", "--settings", "3", "-o", "effects.svg", "--json", "-j", "2"});
  REQUIRE_MESSAGE(told.status == 0, told.err);
  CHECK(told.json()["scores"].size() == 6);
  CHECK(told.json()["scores"][0]["accuracy"] > 0.6);
  CHECK(fs::exists(studio.path("effects.svg")));
  CHECK(studio({"latent", "effects", "corpus", "-e", "builtin:filter"}).status == 2);
}

TEST_CASE("a_map_that_ctrl_c_stopped_is_gone_on_with") {
  const recordings::Studio studio;
  program::RunOptions options;
  options.signal = SIGINT;
  options.signal_after = "rendering";
  const Run stopped = make_map(studio, "a.map", {"-n", "3000"}, options);
  CHECK(stopped.status == 130);
  CHECK(fs::exists(studio.path("a.map") / "points.journal"));
  CHECK(studio({"latent", "picture", "a.map", "-o", "a.png"}).err.find("not finished") != std::string::npos);
  const Run done = make_map(studio, "a.map", {"-n", "3000", "--json", "--no-progress"});
  REQUIRE_MESSAGE(done.status == 0, done.err);
  CHECK(done.json()["points"] == 3000);
  CHECK(!fs::exists(studio.path("a.map") / "points.journal"));
}

TEST_CASE("a_blend_leads_from_one_recording_to_another") {
  const recordings::Studio studio;
  const auto blend = [&](const std::string& from, const std::string& to, const std::string& wav) {
    const Run run = studio(
        {"latent", "blend", from, to, "-o", "path.png", "-n", "2", "--back", wav, "--iterations", "2", "--json"});
    REQUIRE_MESSAGE(run.status == 0, run.err);
    CHECK(run.json()["steps"] == 2);
    return recordings::bytes_of(studio.path(wav));
  };
  program::write_wav(studio.path("other.wav"), recordings::tune(24000, 0.6, 5), 24000);
  const std::string there = blend("in.wav", "other.wav", "there.wav"), still = blend("in.wav", "in.wav", "still.wav");
  CHECK(fs::file_size(studio.path("path.png")) > 1000);
  REQUIRE(there.size() == still.size());
  const std::size_t step = 131072 * 4, second = there.size() - step;  // float32
  CHECK(there.substr(second - step, step) == still.substr(second - step, step));
  CHECK(there.substr(second) != still.substr(second));
  CHECK(studio({"latent", "blend", "in.wav", "in.wav", "-o", "path.jpg"}).status == 2);
}
