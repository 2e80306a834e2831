#include <doctest/doctest.h>

#include <set>

#include "serve/rig.hpp"

using client::Json;

TEST_CASE("effects_are_found_by_words_and_described_with_all_parameters") {
  const Serving serving;
  const Json found = serving.get("/api/effects?query=eq%20soundalike&format=builtin").json();
  std::set<std::string> ids;
  for (const auto& row : found) ids.insert(row["id"]);
  CHECK(ids.contains("builtin:eq"));
  CHECK(serving.get("/api/effects?format=vst3").json().empty());
  const Json eq = serving.get("/api/effects/builtin:eq").json();
  REQUIRE(eq["parameters"].size() > 4);
  for (const auto& parameter : eq["parameters"]) {
    CAPTURE(parameter.dump());
    CHECK(parameter["default"].get<double>() >= 0.0);
    CHECK(parameter["default"].get<double>() <= 1.0);
    CHECK(parameter["low"].get<double>() <= parameter["high"].get<double>());
  }
  CHECK(serving.get("/api/effects/builtin:nonesuch").status == 404);
}

TEST_CASE("an_uploaded_clip_comes_back_as_wav_whole_and_in_parts") {
  const Serving serving;
  const std::string flac = example("voice-reference.flac");
  const auto sent = serving.post_bytes("/api/audio", flac, {{"X-Name", "my%20v%C3%B6ice"}});
  REQUIRE(sent.status == 201);
  const std::string id = sent.json()["id"];
  CHECK(sent.json()["bundled"] == true);  // the same bytes as the bundled one: the same clip
  const auto whole = serving.get("/api/audio/" + id);
  REQUIRE(whole.status == 200);
  CHECK(whole.header("content-type") == "audio/wav");
  CHECK(whole.body.substr(0, 4) == "RIFF");
  const auto part = serving.get("/api/audio/" + id, {{"Range", "bytes=100-299"}});
  CHECK(part.status == 206);
  CHECK(part.header("content-range") == "bytes 100-299/" + std::to_string(whole.body.size()));
  CHECK(part.body == whole.body.substr(100, 200));
  CHECK(serving.get("/api/audio/" + id, {{"Range", "bytes=-50"}}).body == whole.body.substr(whole.body.size() - 50));
  CHECK(serving.get("/api/audio/" + id, {{"Range", "bytes=999999999-"}}).status == 416);
  CHECK(serving.get("/api/audio/" + id, {{"If-None-Match", whole.header("etag")}}).status == 304);
  CHECK(serving.get("/api/audio/" + id, {{"Range", "bytes=0-9"}, {"If-Range", "\"other\""}}).status == 200);
}

TEST_CASE("what_is_no_audio_is_refused_by_its_own_name_and_leaves_nothing") {
  const Serving serving;
  const auto answer = serving.post_bytes("/api/audio", "this is a text", {{"X-Name", "notes.txt"}});
  CHECK(answer.status == 400);
  CHECK(answer.code() == "bad_audio");
  CHECK(answer.body.find("notes.txt") != std::string::npos);
  CHECK(answer.body.find(serving.folder().path().string()) == std::string::npos);
  CHECK(std::filesystem::is_empty(serving.options().folder / "spool"));
}

TEST_CASE("a_render_is_a_wav_with_its_gain_and_times_and_repeats_exactly") {
  const Serving serving;
  Json wanted{{"effect", "builtin:saturator"},
              {"audio", serving.clip("voice")},
              {"settings", serving.defaults("builtin:saturator")}};
  wanted["settings"][1] = 0.9;
  const auto first = serving.post("/api/render", wanted);
  REQUIRE(first.status == 200);
  CHECK(first.header("content-type") == "audio/wav");
  CHECK(std::stod(first.header("x-plugin-ms")) > 0.0);
  CHECK(std::stod(first.header("x-total-ms")) >= std::stod(first.header("x-plugin-ms")));
  CHECK(std::stod(first.header("x-peak-db")) <= 0.0);
  CHECK(Json::parse(first.header("x-settings"))[1] == doctest::Approx(0.9));
  CHECK(serving.post("/api/render", wanted).body == first.body);
  wanted["dry_wet"] = 0;
  const auto dry = serving.post("/api/render", wanted);
  CHECK(dry.body != first.body);
  CHECK(dry.body.size() == first.body.size());
  wanted["settings"].push_back(0.5);
  wanted["dry_wet"] = 1;
  CHECK(serving.post("/api/render", wanted).status == 400);
}

TEST_CASE("a_match_runs_as_a_job_shows_its_path_and_outlives_the_server") {
  Serving serving;
  const auto started = serving.post("/api/match", {{"input", serving.clip("voice")},
                                                   {"reference", serving.clip("voice-reference")},
                                                   {"effect", "builtin:filter"},
                                                   {"budget", 12}});
  REQUIRE(started.status == 202);
  const std::string job = started.json()["job"];
  const Json done = serving.ended(job);
  REQUIRE(done["state"] == "done");
  const Json result = done["result"];
  CHECK(result["renders"] == 12);
  CHECK(serving.get("/api/audio/" + result["audio"].get<std::string>()).status == 200);
  client::Connection events(serving.port());
  events.send(client::request_text("GET", "/api/jobs/" + job + "/events", serving.port()));
  const std::string told = events.until("event: end").value();
  CHECK(told.find("event: path\ndata: {\"render\":") != std::string::npos);
  serving.stop();
  serving.start();
  CHECK(serving.get("/api/jobs/" + job).json() == done);
  CHECK(serving.get("/api/audio/" + result["audio"].get<std::string>()).status == 200);
}

TEST_CASE("settings_are_exported_as_recipe_preset_texts_and_sound") {
  const Serving serving;
  Json body{{"effect", "builtin:gain"},
            {"audio", serving.clip("voice")},
            {"settings", serving.defaults("builtin:gain")},
            {"name", "my take"}};
  const auto exported = [&](const char* kind) {
    body["kind"] = kind;
    return serving.post("/api/export", body);
  };
  const auto recipe = exported("recipe");
  REQUIRE(recipe.status == 200);
  CHECK(recipe.header("content-disposition") == "attachment; filename=\"my-take.recipe.json\"");
  CHECK(recipe.json().contains("effects"));
  CHECK(exported("wav").body.substr(0, 4) == "RIFF");
  CHECK(exported("flac").body.substr(0, 4) == "fLaC");
  CHECK(exported("json").json()["knobs"].size() == body["settings"].size());
  CHECK(exported("preset").status == 200);
  CHECK(exported("vstpreset").status == 422);
  CHECK(exported("exe").status == 400);
  body["settings"].erase(0);
  for (const char* kind : {"recipe", "wav", "json", "preset"}) CHECK(exported(kind).status == 400);
  CHECK(std::filesystem::is_empty(serving.options().folder / "spool"));
}
