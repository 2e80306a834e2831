#include <doctest/doctest.h>

#include <cstring>
#include <vector>

#include "serve/rig.hpp"
#include "soundalike/map_table.hpp"

using client::Json;

namespace {

std::vector<float> floats(const std::string& bytes) {
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

Json small_map(const Serving& serving) {
  return {{"effect", "builtin:saturator"},
          {"audio", serving.clip("voice")},
          {"points", 40},
          {"seconds", 0.3},
          {"encoder", "style"}};
}

}  // namespace

TEST_CASE("a_map_is_made_described_and_there_again_after_a_restart") {
  Serving serving;
  const auto started = serving.post("/api/maps", small_map(serving));
  REQUIRE(started.status == 202);
  const std::string id = started.json()["map"];
  const Json job = serving.ended(started.json()["job"]);
  REQUIRE(job["state"] == "done");
  CHECK(serving.post("/api/maps", small_map(serving)).json()["map"] == id);  // the same request, the same map
  serving.stop();
  serving.start();
  const std::string address = "/api/maps/" + id;
  const Json rows = serving.get("/api/maps").json();
  REQUIRE(rows.size() == 1);
  CHECK(rows[0]["state"] == "ready");
  const Json map = serving.get(address).json();
  const std::size_t points = map["points"];
  CHECK(points == 40);
  CHECK(map["effect"] == "builtin:saturator");
  const std::size_t parameters = map["parameters"].size();
  CHECK(serving.get(address + "/settings").body.size() == points * parameters * 4);
  for (const auto& column : map["columns"]) {
    CAPTURE(column.dump());
    CHECK(serving.get(address + "/column/" + column["name"].get<std::string>()).body.size() == points * 4);
  }
  CHECK(serving.get(address + "/column/nope").status == 404);
  REQUIRE(!map["projections"].empty());
  const std::string projection = map["projections"][0]["name"];
  const auto places = floats(serving.get(address + "/projection/" + projection).body);
  REQUIRE(places.size() == points * 2);

  // On a point, exactly its settings; and these settings belong there.
  const auto settings = floats(serving.get(address + "/settings").body);
  const auto here =
      serving.post(address + "/locate", {{"projection", projection}, {"x", places[14]}, {"y", places[15]}}).json();
  for (std::size_t i = 0; i < parameters; ++i) {
    CHECK(here["settings"][i].get<float>() == doctest::Approx(settings[7 * parameters + i]));
  }
  CHECK(here["texts"].size() == parameters);
  CHECK(here["neighbours"][0]["point"] == 7);
  const auto back = serving.post(address + "/place", {{"projection", projection}, {"settings", here["settings"]}});
  CHECK(back.status == 200);
  const auto placed = serving.post(address + "/place", {{"projection", projection}, {"audio", serving.clip("band")}});
  CHECK(placed.json()["x"].is_number());
  const auto heard = serving.post("/api/render", {{"map", id}, {"projection", projection}, {"x", 0.0}, {"y", 0.0}});
  CHECK(heard.status == 200);
  CHECK(heard.body.substr(0, 4) == "RIFF");
  const auto labelled = serving.post(
      address + "/labels",
      {{"regions", {{{"name", "first"}, {"points", {0, 1, 2, 3}}}, {{"name", "last"}, {"points", {36, 37, 38, 39}}}}}});
  REQUIRE(labelled.status == 202);
  const Json made = serving.ended(labelled.json()["job"]);
  REQUIRE(made["state"] == "done");
  const std::string column = made["result"]["column"];
  const auto labels = floats(serving.get(address + "/column/" + column).body);
  REQUIRE(labels.size() == points);
  CHECK(labels[2] == 0.0f);
  CHECK(labels[20] == -1.0f);
  CHECK(labels[39] == 1.0f);
  CHECK(serving.get(address + "/projection/" + made["result"]["projection"].get<std::string>()).status == 200);
  CHECK(serving.post(address + "/labels", {{"feature", "nope"}, {"count", 3}}).status == 404);
  CHECK(serving.post(address + "/labels", {{"regions", {{{"name", "x"}, {"points", {99}}}}}}).status == 400);
  CHECK(serving.post(address + "/locate", {{"projection", "nope"}, {"x", 0}, {"y", 0}}).status == 404);
}

TEST_CASE("a_map_that_was_imported_without_its_recording_is_heard_on_another") {
  const TempFolder folder;
  const soundalike::EffectLibrary library({.lv2_path = "", .vst3_path = "", .clap_path = "", .ladspa_path = ""});
  const auto& gain = library.find("builtin:gain");
  std::string csv;
  for (std::size_t k = 0; k < gain.parameters.size(); ++k) csv += (k > 0 ? ",p_" : "p_") + std::to_string(k);
  soundalike::NpyArray embeddings{{40, 2}, {}};
  for (std::size_t i = 0; i < 40; ++i) {
    for (std::size_t k = 0; k < gain.parameters.size(); ++k)
      csv += (k > 0 ? ",0." : "\n0.") + std::to_string(i % (7 + k));
    embeddings.values.push_back(static_cast<float>(i % 7));
    embeddings.values.push_back(static_cast<float>(i % 5));
  }
  import_map(folder / "old", soundalike::parse_number_table(csv, "old.csv"), embeddings, &gain);
  const Serving serving([&](soundalike::ServerOptions& options) { options.maps = {folder / "old"}; });
  const Json map = serving.get("/api/maps").json()[0];
  CHECK(map["audio"].is_null());
  Json spot{{"map", map["id"]}, {"projection", "umap"}, {"x", 0.0}, {"y", 0.0}};
  CHECK(serving.post("/api/render", spot).status == 404);
  spot["audio"] = serving.clip("band");
  CHECK(serving.post("/api/render", spot).status == 200);
}

TEST_CASE("what_the_user_draws_on_a_map_is_kept") {
  Serving serving;
  const std::string id = serving.post("/api/maps", small_map(serving)).json()["map"];
  const std::string address = "/api/maps/" + id;
  const std::string regions = R"([{"name":"warm","points":[1,2,3]}])";
  CHECK(client::ask(serving.port(), "PUT", address + "/regions", regions).status == 204);
  CHECK(client::ask(serving.port(), "PUT", address + "/regions", "{}").status == 400);
  CHECK(client::ask(serving.port(), "PUT", "/api/maps/nope/regions", regions).status == 404);
  serving.stop();
  serving.start();
  // The map was cut off; asked for again, it is made to the end.
  const auto again = serving.post("/api/maps", small_map(serving)).json();
  CHECK(again["map"] == id);
  REQUIRE(serving.ended(again["job"])["state"] == "done");
  const Json map = serving.get(address).json();
  CHECK(map["regions"].dump() == regions);
  CHECK(map["favourites"].empty());
  CHECK(client::ask(serving.port(), "DELETE", address).status == 204);
  CHECK(serving.get("/api/maps").json().empty());
}

TEST_CASE("map_requests_that_cannot_work_are_refused_before_a_job_begins") {
  const Serving serving;
  Json request = small_map(serving);
  const Json wrongs{{"points", 3},   {"encoder", "/etc/passwd"}, {"sampling", "odd"},
                    {"seconds", -1}, {"effect", "nope"},         {"audio", "nope"}};
  for (const auto& [key, value] : wrongs.items()) {
    const auto& shown = key;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown);
    Json wrong = request;
    wrong[key] = value;
    const int status = serving.post("/api/maps", wrong).status;
    CHECK((status == 400 || status == 404));
  }
  CHECK(serving.get("/api/maps").json().empty());
}
