#include <doctest/doctest.h>

#include "fixtures/signals.hpp"
#include "serve/rig.hpp"
#include "soundalike/event_file.hpp"
#include "soundalike/run_folder.hpp"

using client::Json;
using namespace soundalike;

namespace {

struct Training {
  Training() : serving([this](auto& options) { options.runs = {folder.path()}; }) {}
  TempFolder folder;
  Serving serving;
};

}  // namespace

TEST_CASE("runs_of_any_program_are_listed_with_all_that_they_hold") {
  Training training;
  {
    EventFile events(training.folder / "foreign/deep");
    for (int step = 0; step < 500; ++step) events.scalar("loss", step, 1.0 / (step + 1));
    events.audio("prediction", 10, sine(440.0, 0.2, 16000.0));
    events.histogram("weights", 10, std::vector<float>{0.0f, 1.0f});
    events.hyperparameters({{"rate", 0.5}});
    RunFolder run = RunFolder::create(training.folder / "ours", {"encoder", "train", R"({"a":1})", 1, {}});
    run.end(RunState::finished);
  }
  const Json rows = training.serving.get("/api/runs").json();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0]["id"] == "foreign/deep");
  CHECK(rows[0]["steps"] == 499);
  CHECK(rows[0]["read_bytes"] == rows[0]["bytes"]);
  CHECK(rows[1]["state"] == "finished");
  const std::string address = "/api/runs/foreign%2Fdeep";
  const Json run = training.serving.get(address).json();
  CHECK(run["tags"].size() == 3);
  CHECK(run["problems"].empty());
  const Json loss = training.serving.get(address + "/scalars?tag=loss").json();
  CHECK(loss["values"].size() == 500);  // every point
  CHECK(loss["values"][1] == 0.5);
  const Json clips = training.serving.get(address + "/audio?tag=prediction").json();
  REQUIRE(clips.size() == 1);
  CHECK(clips[0]["seconds"] == doctest::Approx(0.2));
  const auto clip = training.serving.get(address + "/audio?tag=prediction&step=10");
  CHECK(clip.header("content-type") == "audio/wav");
  CHECK(clip.body.substr(0, 4) == "RIFF");
  CHECK(clip.body.size() == clips[0]["bytes"]);
  CHECK(training.serving.get(address + "/audio?tag=prediction&step=10", {{"Range", "bytes=8-11"}}).body == "WAVE");
  CHECK(training.serving.get(address + "/histograms?tag=weights").json()[0]["count"] == 2);
  CHECK(training.serving.get(address + "/hparams").json()["rate"] == 0.5);
  const std::string csv = training.serving.get(address + "/export.csv").body;
  CHECK(std::ranges::count(csv, '\n') == 501);
  CHECK(training.serving.get(address + "/scalars?tag=nope").status == 404);
  CHECK(training.serving.get(address + "/scalars").status == 400);
  CHECK(training.serving.get("/api/runs/..%2F..%2Fetc").status == 404);
}

TEST_CASE("a_run_that_goes_on_is_read_on_and_told_of") {
  Training training;
  EventFile events(training.folder / "run");
  events.scalar("loss", 1, 0.5);
  events.flush();
  CHECK(training.serving.get("/api/runs/run/scalars?tag=loss").json()["values"].size() == 1);
  client::Connection stream(training.serving.port());
  stream.send(client::request_text("GET", "/api/runs/events", training.serving.port()));
  REQUIRE(stream.until("\r\n\r\n").has_value());
  // The watcher looks twice a second, and tells of what it has seen change.
  std::optional<std::string> told;
  for (int step = 2; step < 100 && !told; ++step) {
    events.scalar("loss", step, 0.25);
    events.flush();
    if (stream.receive(1)) told = stream.until("\n\n");
  }
  REQUIRE(told.has_value());
  CHECK(told->find(R"(data: {"changed":["run"]})") != std::string::npos);
  CHECK(training.serving.get("/api/runs/run/scalars?tag=loss").json()["values"].size() > 1);
}

TEST_CASE("points_that_a_resumed_run_took_back_do_not_count_and_are_told_of") {
  Training training;
  {
    EventFile first(training.folder / "run");
    for (int step = 1; step <= 10; ++step) first.scalar("loss", step, 1.0);
  }
  {
    EventFile second(training.folder / "run", 6);
    for (int step = 6; step <= 8; ++step) second.scalar("loss", step, 2.0);
  }
  const Json loss = training.serving.get("/api/runs/run/scalars?tag=loss").json();
  CHECK(loss["steps"] == Json({1, 2, 3, 4, 5, 6, 7, 8}));
  CHECK(loss["values"][5] == 2.0);
  const Json problems = training.serving.get("/api/runs/run").json()["problems"];
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].get<std::string>().find("5 later points") != std::string::npos);
}
