#include "soundalike/run_folder.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/version.hpp"

using namespace soundalike;

namespace {

RunInfo info() { return {"controller", "soundalike train controller -e x", R"({"batch":12,"encoder":"a"})", 7, {}}; }

nlohmann::json run_json(const TempFolder& folder) {
  std::ifstream in(folder / "run.json");
  return nlohmann::json::parse(in);
}

}  // namespace

TEST_CASE("run_json_holds_what_the_run_was_told_and_what_became_of_it") {
  const TempFolder folder;
  {
    RunFolder run = RunFolder::create(folder.path(), info());
    CHECK(run_json(folder)["state"] == "running");
    run.best("validation/loss", 0.5, 100);
    run.best("validation/loss", 0.25, 200);
    CHECK(std::filesystem::is_directory(run.checkpoint("last.state").parent_path()));
    run.end(RunState::finished);
  }
  const auto json = run_json(folder);
  CHECK(json["state"] == "finished");
  CHECK(json["kind"] == "controller");
  CHECK(json["seed"] == 7);
  CHECK(json["configuration"]["batch"] == 12);
  CHECK(json["command"] == "soundalike train controller -e x");
  CHECK(json["versions"]["soundalike"] == program_version());
  CHECK(json["best"]["validation/loss"]["value"] == 0.25);
  CHECK(json["best"]["validation/loss"]["step"] == 200);
  CHECK(json["began"].get<std::string>().size() == 20);
  CHECK(json.contains("ended"));
}

TEST_CASE("a_run_that_nobody_ended_has_failed") {
  const TempFolder folder;
  { const RunFolder run = RunFolder::create(folder.path(), info()); }
  CHECK(run_json(folder)["state"] == "failed");
}

TEST_CASE("a_run_that_ended_before_its_first_checkpoint_gives_way_to_another") {
  const TempFolder folder;
  const auto begin = [&](RunState ended, bool checkpoint) {
    RunFolder run = RunFolder::create(folder.path(), info());
    std::ofstream(folder / "events.out.tfevents.1.host.2.0") << "curves";
    if (checkpoint) std::ofstream(run.checkpoint("last.state")) << "weights";
    run.end(ended, "why");
  };
  begin(RunState::failed, false);
  std::ofstream(folder / "notes.txt") << "the user's own";
  begin(RunState::stopped, false);
  { const RunFolder killed = RunFolder::create(folder.path(), info()); }
  CHECK_FALSE(std::filesystem::exists(folder / "events.out.tfevents.1.host.2.0"));
  CHECK(std::filesystem::exists(folder / "notes.txt"));
  begin(RunState::failed, true);
  CHECK(thrown_by([&] { begin(RunState::failed, false); }).says("holds a run already"));
  const TempFolder finished;
  RunFolder::create(finished.path(), info()).end(RunState::finished);
  CHECK(thrown_by([&] { RunFolder::create(finished.path(), info()); }).says("holds a run already"));
}

TEST_CASE("two_runs_in_one_folder_are_refused") {
  const TempFolder folder;
  std::optional<RunFolder> run = RunFolder::create(folder.path(), info());
  const auto busy = thrown_by([&] { RunFolder::resume(folder.path(), info()); });
  CHECK(busy.code == ErrorCode::invalid_argument);
  CHECK(busy.says("another run is at work"));
  std::ofstream(run->checkpoint("last.state")) << "weights";
  run.reset();
  const auto again = thrown_by([&] { RunFolder::create(folder.path(), info()); });
  CHECK(again.code == ErrorCode::invalid_argument);
  CHECK(again.says("--resume"));
  CHECK_NOTHROW(RunFolder::resume(folder.path(), info()));
}

TEST_CASE("resuming_with_other_options_names_the_option") {
  const TempFolder folder;
  { const RunFolder run = RunFolder::create(folder.path(), info()); }
  RunInfo other = info();
  other.configuration = R"({"batch":24,"encoder":"a"})";
  CHECK(thrown_by([&] { RunFolder::resume(folder.path(), other); }).says("'batch' was 12 and is now 24"));
  other = info();
  other.seed = 8;
  CHECK(thrown_by([&] { RunFolder::resume(folder.path(), other); }).says("'seed' was 7 and is now 8"));
  other = info();
  other.configuration = R"({"batch":12})";
  CHECK(thrown_by([&] { RunFolder::resume(folder.path(), other); }).says("'encoder' was \"a\" and is now nothing"));
  RunFolder run = RunFolder::resume(folder.path(), info());
  CHECK(run_json(folder)["resumed"].size() == 1);
  run.end(RunState::stopped, "by the user");
  CHECK(run_json(folder)["message"] == "by the user");
}

TEST_CASE("resuming_a_folder_without_a_run_is_told") {
  const TempFolder folder;
  CHECK(thrown_by([&] { RunFolder::resume(folder.path(), info()); }).code == ErrorCode::not_found);
  std::ofstream(folder / "run.json") << "not json";
  CHECK(thrown_by([&] { RunFolder::resume(folder.path(), info()); }).says("run.json"));
}
