// Encoders trained as a person would: the real program on a few recordings, a few steps.
#include <doctest/doctest.h>

#include <csignal>

#include "cli/recordings.hpp"
#include "soundalike/checkpoint.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/encoder.hpp"

namespace {

namespace fs = std::filesystem;
using program::Run;
using recordings::Studio;
using recordings::test_effect;
using recordings::tune;
using namespace soundalike;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

bool training_is_built() {
  const char* folder = std::getenv("SOUNDALIKE_BIN");
  if (folder != nullptr && fs::exists(fs::path(folder) / "soundalike-train")) return true;
  MESSAGE("skipped: soundalike-train is not built");
  return false;
}

/// A folder "words" of recordings of every split but test, and what trains the smallest encoder on them.
struct Course {
  Studio studio;
  std::vector<std::string> words{"train", "encoder", "-m", "digits-vae", "-d", "words", "--no-progress", "-j", "2"};
  explicit Course(const std::vector<std::string>& more) {
    fs::create_directory(studio.path("words"));
    for (int i = 0; i < 24; ++i) {
      const auto file = studio.path("words/word_" + std::to_string(i) + ".wav");
      if (split_of(file) != Split::test) program::write_wav(file, tune(8000, 0.9, i), 8000);
    }
    words.insert(words.end(), {"--episodes", "8", "--validation-episodes", "3", "--batch", "4"});
    words.insert(words.end(), more.begin(), more.end());
  }
  Run operator()(const std::vector<std::string>& more = {}, const program::RunOptions& options = {}) const {
    auto all = words;
    all.insert(all.end(), more.begin(), more.end());
    return studio(all, options);
  }
};

}  // namespace

TEST_CASE("train_encoder_writes_a_model_that_says_how_it_was_made") {
  if (!training_is_built()) return;
  const Course train({"--steps", "4", "--seed", "7", "--run", "run", "--json"});
  const Run run = train({"-o", "words.salmodel"});
  INFO(run.err);
  REQUIRE(run.status == 0);
  CHECK(run.json()["encoder"] == "words.salmodel");
  const Checkpoint model = read_checkpoint(train.studio.path("words.salmodel"));
  CHECK(model.kind == "encoder");
  CHECK(model.name == "digits-vae");
  CHECK(model.seed == 7);
  CHECK(model.digest == run.json()["digest"].get<std::string>());
  const auto facts = nlohmann::json::parse(model.metadata);
  CHECK(holds(facts["command"].get<std::string>(), "soundalike train encoder -m digits-vae -d words"));
  CHECK(facts["data"] == nlohmann::json::array({"words"}));
  CHECK(facts["heard"][0]["manifest"].get<std::string>().size() == 64);
  CHECK_FALSE(facts["heard"][0]["digests"].empty());
  CHECK(holds(recordings::bytes_of(train.studio.path("words.md")), "| seed | 7 |"));
  CHECK(facts["effects"].empty());
  CHECK(facts["split"] == "train");
  CHECK(facts["steps"] == 4);
  // It can be used: another word is another embedding.
  const Encoder encoder(model);
  const auto embedding = [&](int seed) {
    const auto word = tune(8000, 0.9, seed);
    AudioBuffer audio(1, word.size(), {8000.0});
    std::ranges::copy(word, audio.channel(0).begin());
    return encoder.encode(audio);
  };
  CHECK(embedding(1).size() == 32);
  CHECK(embedding(1) == embedding(1));
  CHECK(embedding(1) != embedding(2));
  // The run's folder tells the same and holds the picture of what is said again.
  const auto told = nlohmann::json::parse(recordings::bytes_of(train.studio.path("run/run.json")));
  CHECK(told["kind"] == "encoder");
  CHECK(told["state"] == "finished");
  CHECK(fs::file_size(train.studio.path("run/reconstruction.png")) > 1000);
}

TEST_CASE("an_encoder_learns_from_what_effects_make_of_recordings") {
  if (!training_is_built()) return;
  const Course train({"--steps", "2", "--run", "run", "-e", test_effect("knobs"), "--settings", "2"});
  const Run run = train();
  INFO(run.err);
  REQUIRE(run.status == 0);
  const auto facts = nlohmann::json::parse(read_checkpoint(train.studio.path("run/digits-vae.salmodel")).metadata);
  CHECK(facts["effects"].size() == 1);
  CHECK(facts["effects"].contains("lv2:" + test_effect("knobs")));
}

TEST_CASE("stopped_encoder_training_goes_on_to_the_weights_of_one_run") {
  if (!training_is_built()) return;
  const Course train({"--steps", "10"});
  const auto weights = [&](const std::string& run) {
    return read_checkpoint(train.studio.path(run + "/digits-vae.salmodel")).tensors;
  };
  program::RunOptions interrupted;
  interrupted.signal = SIGINT;
  interrupted.signal_after = "training";
  auto shown = train.words;
  std::erase(shown, "--no-progress");
  shown.insert(shown.end(), {"--json", "--run", "parts"});
  const Run stopped = train.studio(shown, interrupted);
  INFO(stopped.err);
  REQUIRE(stopped.status == 130);
  CHECK(holds(stopped.err, "--resume"));
  CHECK_FALSE(fs::exists(train.studio.path("parts/digits-vae.salmodel")));
  CHECK(train({"--run", "parts"}).status == 2);  // it holds a run
  REQUIRE(train({"--run", "parts", "--resume"}).status == 0);
  REQUIRE(train({"--run", "whole"}).status == 0);
  CHECK(weights("parts") == weights("whole"));
}

TEST_CASE("train_encoder_refuses_before_it_begins_a_run") {
  if (!training_is_built()) return;
  const Course train({"--steps", "2", "--run", "run"});
  const auto refused = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"train", "encoder", "--run", "run"});
    const Run run = train.studio(words);
    CHECK(run.status != 0);
    CHECK_FALSE(fs::exists(train.studio.path("run")));
    return run.err;
  };
  CHECK(holds(refused({"-d", "words"}), "without effects"));
  CHECK(holds(refused({"-d", "nowhere", "-m", "digits-vae"}), "nowhere"));
  CHECK(holds(refused({"-d", "words", "-m", "digit-vae"}), "digits-vae"));
  std::ofstream(train.studio.path("effects.txt")) << "# none\nurn:soundalike:test:absent\n";
  CHECK(holds(refused({"-d", "words", "--effects", "effects.txt"}), "effects.txt"));
}
