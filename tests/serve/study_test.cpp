#include <doctest/doctest.h>

#include <set>

#include "fixtures/signals.hpp"
#include "fixtures/without_codes.hpp"
#include "serve/rig.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/study_stimuli.hpp"

using client::Json;
namespace fs = std::filesystem;

namespace {

/// A server with one small test, of two systems on one excerpt.
struct Listening {
  Listening()
      : serving([this](auto& options) {
          options.studies = {made()};
          options.token = "experimenter";
        }) {}

  fs::path made() {
    soundalike::StudyItem item{.id = "noise", .reference = folder / "reference.wav"};
    soundalike::write_audio(item.reference, noise(48000, 48000));
    for (const char* system : {"good", "bad"}) {
      item.systems.push_back({system, folder / (std::string(system) + ".wav")});
      soundalike::write_audio(item.systems.back().file, noise(48000, 48000, 1, 0.3, system[0]));
    }
    soundalike::StudyDefinition study{.name = "likeness", .title = "Likeness", .attribute = "likeness"};
    soundalike::build_study(folder / "likeness", study, {item}, {.hidden_reference = true});
    return folder / "likeness";
  }

  TempFolder folder;
  Serving serving;
};

}  // namespace

TEST_CASE("a_listener_without_a_token_takes_part_and_learns_no_condition") {
  Listening listening;
  Serving& serving = listening.serving;
  CHECK(serving.get("/api/study").status == 401);
  CHECK(serving.get("/api/study/likeness/results/grades.csv").status == 401);
  CHECK(serving.get("/api/study/nope").status == 404);
  CHECK(serving.get("/api/study/likeness").status == 200);
  const auto begun = serving.post("/api/study/likeness/sessions", Json::object());
  REQUIRE(begun.status == 201);
  const std::string address = "/api/study/likeness/sessions/" + begun.json()["session"].get<std::string>();
  std::string told = serving.get("/api/study/likeness").body;
  Json state = serving.get(address).json();
  for (int seq = 1; !state.contains("trial") || state["trial"].is_null(); ++seq) {
    REQUIRE(seq < 5);
    const Json events{{{"client_seq", seq}, {"type", "consent"}, {"body", {{"agreed", true}}}}};
    REQUIRE(serving.post(address + "/events", events).status == 200);
    state = serving.get(address).json();
  }
  told = without_codes(told + state.dump());
  std::set<std::string> sounds;
  for (const auto& stimulus : state["trial"]["stimuli"]) {
    const auto wav = serving.get(address + "/stimuli/" + stimulus.get<std::string>());
    CHECK(wav.status == 200);
    CHECK(wav.header("last-modified").empty());
    sounds.insert(wav.body);
  }
  CHECK(sounds.size() == state["trial"]["stimuli"].size());
  CHECK(serving.get(address + "/stimuli/..%2fstudy.toml").status == 404);
  for (const char* secret : {"good", "bad", "anchor35", ".wav"}) {
    CAPTURE(secret);
    CHECK(told.find(secret) == std::string::npos);
  }
}

TEST_CASE("what_a_listener_did_is_stored_once_and_outlives_the_server") {
  Listening listening;
  Serving& serving = listening.serving;
  const std::string session = serving.post("/api/study/likeness/sessions", Json::object()).json()["session"];
  const std::string address = "/api/study/likeness/sessions/" + session;
  const Json events{{{"client_seq", 1}, {"type", "consent"}, {"body", {{"agreed", true}}}},
                    {{"client_seq", 2}, {"type", "volume"}, {"body", {{"to", 0.5}}}}};
  CHECK(serving.post(address + "/events", events).json()["accepted"] == 2);
  CHECK(serving.post(address + "/events", events).json()["repeated"] == 2);
  CHECK(serving.post_bytes(address + "/events", "{").status == 400);
  CHECK(serving.post_bytes(address + "/events", "[1]").status == 400);
  const std::string before = serving.get(address).body;
  serving.stop();
  serving.start();
  CHECK(serving.get(address).body == before);
  CHECK(serving.get(address + "/export").body.find("\"volume\"") != std::string::npos);
  CHECK(client::ask(serving.port(), "DELETE", address).status == 204);
  CHECK(serving.get(address).status == 404);
}

TEST_CASE("an_experimenter_sees_how_far_listeners_are_but_no_code_that_erases_them") {
  Listening listening;
  Serving& serving = listening.serving;
  const client::Headers token{{"Authorization", "Bearer experimenter"}};
  const std::string session = serving.post("/api/study/likeness/sessions", Json::object()).json()["session"];
  const Json study = serving.get("/api/study", token).json()[0];
  CHECK(study["sessions"] == 1);
  CHECK(study["finished"] == 0);
  CHECK(study["listeners"][0]["assessor"] == "A001");
  CHECK(study["listeners"][0]["stage"] == "consent");
  CHECK(study.dump().find(session) == std::string::npos);
  CHECK(serving.get("/api/study/likeness/report").status == 401);
  CHECK(serving.get("/api/study/likeness/report", token).status == 400);  // nothing to analyse yet
}
