// Controllers trained as a person would: the real program on a few short recordings, a few steps.
#include <doctest/doctest.h>

#include <csignal>

#include "cli/recordings.hpp"
#include "soundalike/checkpoint.hpp"
#include "soundalike/corpus.hpp"

namespace {

namespace fs = std::filesystem;
using program::Run;
using recordings::Studio;
using recordings::tune;
using namespace soundalike;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

bool training_is_built() {
  const char* folder = std::getenv("SOUNDALIKE_BIN");
  if (folder != nullptr && fs::exists(fs::path(folder) / "soundalike-train")) return true;
  MESSAGE("skipped: soundalike-train is not built");
  return false;
}

/// A folder "words" of recordings far too short for halves, and what trains a small controller on them.
struct Course {
  Studio studio;
  std::vector<std::string> words{"train", "controller", "-e", "Saturator", "-d", "words", "-j", "2"};
  Course() {
    fs::create_directory(studio.path("words"));
    for (int i = 0; i < 40; ++i) {
      const auto file = studio.path("words/word_" + std::to_string(i) + ".wav");
      if (split_of(file) != Split::test) program::write_wav(file, tune(16000, 0.9, i), 16000);
    }
  }
  Run operator()(const std::vector<std::string>& more, const program::RunOptions& options = {}) const {
    auto all = words;
    all.insert(all.end(), more.begin(), more.end());
    return studio(all, options);
  }
};

const std::vector<std::string> small{"--encoder",
                                     "style-axes",
                                     "--hidden",
                                     "16",
                                     "--parts",
                                     "8",
                                     "--batch",
                                     "16",
                                     "--finish-steps",
                                     "4",
                                     "--finish-batch",
                                     "3",
                                     "--validation-examples",
                                     "6",
                                     "--examples",
                                     "40"};
const std::vector<std::string> drawn{"--drawn",   "10",  "--drawn-rate", "16000", "--drawn-seconds", "0.7",
                                     "--warm-up", "0.2", "--clean",      "0.2",   "--similarity",    "0.5"};

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

TEST_CASE("train_controller_learns_from_short_recordings_and_match_predicts_with_it") {
  if (!training_is_built()) return;
  const Course train;
  const Run run = train(with(with(small, drawn),
                             {"--steps", "40", "--run", "run", "-o", "saturator.salmodel", "--json", "--no-progress"}));
  INFO(run.err);
  REQUIRE(run.status == 0);
  CHECK(run.json()["controller"] == "saturator.salmodel");
  const Checkpoint model = read_checkpoint(train.studio.path("saturator.salmodel"));
  CHECK(model.kind == "controller");
  const auto facts = nlohmann::json::parse(model.metadata);
  CHECK(holds(facts["command"].get<std::string>(), "--drawn 10"));
  CHECK(facts["steps"] == 44);
  CHECK(facts["recordings"].get<int>() > 5);
  CHECK(holds(recordings::bytes_of(train.studio.path("saturator.md")), "--drawn 10"));
  const Run match =
      train.studio.match("Saturator", {"--controller", "saturator.salmodel", "--no-refine", "-o", "out.wav", "--json"});
  INFO(match.err);
  REQUIRE(match.status == 0);
  CHECK(match.json()["renders"] == 1);
  CHECK(fs::exists(train.studio.path("out.wav")));
}

TEST_CASE("stopped_controller_training_goes_on_to_the_weights_of_one_run") {
  if (!training_is_built()) return;
  const Course train;
  program::RunOptions interrupted;
  interrupted.signal = SIGINT;
  interrupted.signal_after = "regression";
  const auto words = with(with(small, drawn), {"--steps", "400"});
  const Run stopped = train(with(words, {"--json", "--run", "parts"}), interrupted);
  INFO(stopped.err);
  REQUIRE(stopped.status == 130);
  CHECK(holds(stopped.err, "--resume"));
  CHECK(train(with(words, {"-q", "--run", "parts"})).status == 2);  // it holds a run
  REQUIRE(train(with(words, {"-q", "--run", "parts", "--resume", "-o", "a.salmodel"})).status == 0);
  REQUIRE(train(with(words, {"-q", "--run", "whole", "-o", "b.salmodel"})).status == 0);
  CHECK(read_checkpoint(train.studio.path("a.salmodel")).tensors ==
        read_checkpoint(train.studio.path("b.salmodel")).tensors);
}

TEST_CASE("train_controller_refuses_in_one_line") {
  if (!training_is_built()) return;
  const Course train;
  const auto refused = [&](const std::vector<std::string>& more) {
    const Run run = train(with({"--no-progress", "--run", "run"}, more));
    CHECK(run.status != 0);
    CHECK(std::ranges::count(run.err, '\n') == 1);
    return run.err;
  };
  CHECK(holds(refused({"--warm-up", "2"}), "say how many (--drawn)"));
  CHECK(holds(refused({"--drawn", "5", "--even"}), "contradict"));
  CHECK(holds(refused({"--hidden", "12,x"}), "takes sizes like"));
  CHECK(holds(refused({}), "have halves under 2 s"));  // these recordings are
  const auto too_long = refused({"--drawn", "5", "--drawn-seconds", "30"});
  CAPTURE(too_long);
  CHECK(holds(too_long, "split no training pair from"));
  CHECK(holds(refused({"--drawn", "5", "--drawn-rate", "100"}), "--drawn-rate takes"));
}
