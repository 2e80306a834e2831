#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "cli/run_program.hpp"

using program::soundalike;

namespace {

std::filesystem::path toml(const program::TempFolder& folder, const std::string& text) {
  const auto file = folder / "run.toml";
  std::ofstream(file) << text;
  return file;
}

}  // namespace

TEST_CASE("without_the_training_program_train_says_how_to_get_it") {
  const auto run = soundalike({"train", "controller", "-e", "x", "-d", "y"},
                              {.environment = {{"SOUNDALIKE_TRAIN", "/nowhere/soundalike-train"}}});
  CHECK(run.status == 5);
  CHECK(run.err.find("/nowhere/soundalike-train") != std::string::npos);
  CHECK(run.err.find("SOUNDALIKE_TRAINING") != std::string::npos);
  CHECK(soundalike({"train", "controller", "--help"}).status == 0);
}

TEST_CASE("the_training_program_gets_the_command_line_as_it_was_typed") {
  const program::TempFolder folder;
  const auto script = folder / "train.sh";
  std::ofstream(script) << "#!/bin/sh\nprintf '%s|' \"$@\"\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  const auto run = soundalike({"train", "controller", "-e", "mda Delay", "-d", "my data", "--seed=3"},
                              {.environment = {{"SOUNDALIKE_TRAIN", script.string()}}});
  CHECK(run.status == 0);
  CHECK(run.out == "train|controller|-e|mda Delay|-d|my data|--seed=3|");
}

TEST_CASE("unknown_keys_of_a_configuration_are_refused_with_the_nearest") {
  const program::TempFolder folder;
  const auto run = [&](const std::string& text) {
    return soundalike({"train", "controller", "--config", toml(folder, text).string()});
  };
  const auto unknown = run("effect = ['x']\ndata = ['y']\nlearning_rat = 1e-3\n");
  CHECK(unknown.status == 2);
  CHECK(unknown.err.find("line 3") != std::string::npos);
  CHECK(unknown.err.find("did you mean 'learning-rate'") != std::string::npos);
  CHECK(run("effect = [\n").err.find("line") != std::string::npos);
  CHECK(run("effect = ['x']\ndata = ['y']\nresume = 1\n").err.find("true or false") != std::string::npos);
  CHECK(run("effect = ['x']\ndata = ['y']\nseed = [1, 2]\n").err.find("not a list") != std::string::npos);
  CHECK(run("effect = ['x']\ndata = ['y']\nseed = -4\n").err.find("--seed takes") != std::string::npos);
  CHECK(run("data = ['y']\n").err.find("--effect is missing") != std::string::npos);
  CHECK(soundalike({"train", "controller", "--config", "/nowhere.toml"}).status == 3);
}

TEST_CASE("the_command_line_counts_before_the_configuration") {
  const program::TempFolder folder;
  const auto file = toml(folder, "seed = 1\nsteps = 5\n");
  // A seed that cannot be, so that whichever is taken is told.
  const auto run = soundalike({"train", "controller", "-e", "x", "-d", "y", "--seed=-7", "--config=" + file.string()});
  CHECK(run.err.find("not '-7'") != std::string::npos);
}
