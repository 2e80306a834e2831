#include <doctest/doctest.h>

#include <set>

#include "serve/rig.hpp"

using client::Json;

namespace {

std::string made_map(const Serving& serving) {
  const auto started = serving.post("/api/maps", {{"effect", "builtin:saturator"},
                                                  {"audio", serving.clip("voice")},
                                                  {"points", 40},
                                                  {"seconds", 0.3},
                                                  {"encoder", "style"}});
  REQUIRE(serving.ended(started.json()["job"])["state"] == "done");
  return started.json()["map"];
}

}  // namespace

TEST_CASE("an_expert_test_is_taken_alone_stored_and_exported_in_the_originals_columns") {
  Serving serving;
  const std::string sessions = "/api/expert/" + made_map(serving) + "/sessions";
  const auto begun = serving.post(sessions, {{"seed", 5}, {"midpoints", 4}, {"control_share", 0.5}});
  REQUIRE(begun.status == 201);
  Json state = begun.json();
  const std::string address = sessions + "/" + state["session"].get<std::string>();
  CHECK(begun.body.find("control") == std::string::npos);
  REQUIRE(state["midpoints"].size() == 4);
  std::set<std::string> ids;
  for (const auto& trial : state["midpoints"]) {
    CHECK_FALSE(trial["c"].contains("x"));
    for (const char* which : {"a", "b", "c"}) ids.insert(trial[which]["stimulus"].get<std::string>());
  }
  CHECK(ids.size() == 12);
  const std::string a =
      serving.get(address + "/stimuli/" + state["midpoints"][0]["a"]["stimulus"].get<std::string>()).body;
  const std::string c =
      serving.get(address + "/stimuli/" + state["midpoints"][0]["c"]["stimulus"].get<std::string>()).body;
  CHECK(a.substr(0, 4) == "RIFF");
  CHECK(a.size() == c.size());
  CHECK(serving.get(address + "/stimuli/0").status == 404);

  int seq = 0;
  const auto send = [&](const std::string& type, const Json& body) {
    return serving.post(address + "/events", Json::array({{{"client_seq", ++seq}, {"type", type}, {"body", body}}}));
  };
  CHECK(send("pointer", {{"number", 1}, {"points", {{0, 0.5, 0.5}, {16, 0.6, 0.5}}}}).status == 200);
  CHECK(send("score_midpoint", {{"number", 1}, {"score", 11}}).status == 400);
  CHECK(send("score_midpoint", {{"number", 9}, {"score", 5}}).status == 400);
  CHECK(send("odd", Json::object()).status == 400);
  for (int i = 1; i <= 4; ++i)
    state = send("score_midpoint", {{"number", i}, {"score", 7}, {"comment", "a, \"b\""}}).json()["state"];
  CHECK(state["part"] == "prompt");
  for (std::size_t i = 1; i <= state["prompts"].size(); ++i) {
    const Json& start = state["prompts"][i - 1]["start"];
    CHECK(send("score_prompt", {{"number", i}, {"score", 3}, {"attempts", 4}, {"x", start["x"]}, {"y", start["y"]}})
              .status == 200);
  }
  for (std::size_t i = 1; i <= state["questions"].size(); ++i) {
    state = send("score_question", {{"number", i}, {"score", 10}}).json()["state"];
  }
  CHECK(state["finished"] == true);
  const Json again =
      Json::array({{{"client_seq", seq}, {"type", "score_question"}, {"body", {{"number", 1}, {"score", 1}}}}});
  CHECK(serving.post(address + "/events", again).json()["repeated"] == 1);

  serving.stop();
  serving.start();
  CHECK(serving.get(address).json() == state);
  const std::string exports = sessions.substr(0, sessions.rfind('/')) + "/export/";
  const std::string test1 = serving.get(exports + "test1.csv").body;
  CHECK(test1.starts_with("effect,a,b,example_num,score,comments\nSaturator,"));
  CHECK(test1.find(",1,7,\"a, \"\"b\"\"\"\n") != std::string::npos);
  CHECK(serving.get(exports + "test2.csv")
            .body.starts_with(
                "effect,prompt_text,prompt_num,num_attempts,score,id_chosen,comments\nSaturator,much brighter,1,4,3,"));
  CHECK(serving.get(exports + "final.csv").body.starts_with("effect,question_text,question_num,score,comments\n"));
  const std::string midpoints = serving.get(exports + "midpoints.csv").body;
  std::size_t controls = 0;
  for (std::size_t at = 0; (at = midpoints.find(",1,7,\"a", at)) != std::string::npos; ++at) ++controls;
  CHECK(controls == 2);  // half of four
  CHECK(serving.get(exports + "nope.csv").status == 404);
}

TEST_CASE("the_same_seed_draws_the_same_expert_test") {
  const Serving serving;
  const std::string sessions = "/api/expert/" + made_map(serving) + "/sessions";
  const auto drawn = [&](int seed) {
    Json state = serving.post(sessions, {{"seed", seed}}).json();
    for (auto& trial : state["midpoints"]) {
      for (auto& place : trial) {
        if (place.is_object()) place.erase("stimulus");  // of the session alone
      }
    }
    return Json{state["midpoints"], state["prompts"]};
  };
  CHECK(drawn(5) == drawn(5));
  CHECK(drawn(5) != drawn(6));
  CHECK(serving.post("/api/expert/nope/sessions", Json::object()).status == 404);
}
