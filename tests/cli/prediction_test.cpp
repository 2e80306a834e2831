// Matching with a controller, and the list of models, end to end.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/recordings.hpp"
#include "soundalike/controller.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/map_table.hpp"

namespace {

using program::RunOptions;
using recordings::bytes_of;
using recordings::Studio;
using recordings::test_effect;
using namespace soundalike;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Writes models/encoder.salmodel and models/knobs.salmodel, a controller of the knobs plugin that always expects the
/// same: the distorting mode, surely, and the middle of the gain. @return the digest of the controller.
std::string write_models(const Studio& studio) {
  std::filesystem::create_directory(studio.path("models"));
  Checkpoint encoder{.kind = "encoder", .name = "plain", .front_end = style_front_end()};
  encoder.blocks["encode"] = {{64}, {{.kind = "flatten"}}};
  Checkpoint controller{.kind = "controller", .name = "always-dirty", .seed = 5};
  controller.metadata = R"({"licence":"MIT","data":{"split":"train"}})";
  controller.needs = {{"encoder", "plain", write_checkpoint(studio.path("models/encoder.salmodel"), encoder)}};
  controller.effects = {{"lv2:" + test_effect("knobs"),
                         "Test Knobs",
                         "1.0",
                         {"gain", "unused", "mode"},
                         {{"gain", 0, 0.0f, 1.0f}, {"mode", 3, 0.0f, 1.0f}}}};
  controller.blocks["predict"] = {{128}, {{.kind = "linear", .name = "fc"}}};
  controller.tensors["fc.weight"] = StoredTensor::of({5, 128}, std::vector<float>(5 * 128, 0.0f));
  controller.tensors["fc.bias"] = StoredTensor::of({5}, std::vector<float>{0.0f, -4.0f, 0.0f, 6.0f, 0.0f});
  return write_checkpoint(studio.path("models/knobs.salmodel"), controller);
}

RunOptions with_models(const Studio& studio) {
  RunOptions options;
  options.environment["SOUNDALIKE_MODELS"] = studio.path("models").string();
  return options;
}

nlohmann::ordered_json recipe_of(const Studio& studio, const std::string& name) {
  return nlohmann::ordered_json::parse(bytes_of(studio.path(name)));
}

}  // namespace

TEST_CASE("a_match_with_a_controller_repeats_and_its_recipe_names_the_controller") {
  const Studio studio;
  const std::string digest = write_models(studio);
  const std::vector<std::string> words{"--free", "mode", "-b", "20"};
  for (const std::string name : {"a", "b"}) {
    auto more = words;
    more.insert(more.end(), {"-o", name + ".wav"});
    if (name == "b") more.insert(more.end(), {"-j", "3"});
    const auto run = studio.match(test_effect("knobs"), more, with_models(studio));
    CAPTURE(run.err);
    REQUIRE(run.status == 0);
    CHECK(holds(run.out, " predicted, "));
    const auto recipe = recipe_of(studio, name + ".recipe.json");
    CHECK(recipe["found"]["controller"]["name"] == "always-dirty");
    CHECK(recipe["found"]["controller"]["digest"] == digest);
  }
  CHECK(bytes_of(studio.path("a.wav")) == bytes_of(studio.path("b.wav")));
  REQUIRE(studio({"render", "in.wav", "--recipe", "a.recipe.json", "-o", "c.wav"}).status == 0);
  CHECK(bytes_of(studio.path("c.wav")) == bytes_of(studio.path("a.wav")));

  // --init leaves the controller out, and the recipe says so.
  auto anywhere = words;
  anywhere.insert(anywhere.end(), {"--init", "random", "-o", "d.wav"});
  REQUIRE(studio.match(test_effect("knobs"), anywhere, with_models(studio)).status == 0);
  CHECK(!recipe_of(studio, "d.recipe.json")["found"].contains("controller"));
}

TEST_CASE("no_refine_takes_the_prediction_with_one_render") {
  const Studio studio;
  write_models(studio);
  const auto run = studio.match(test_effect("knobs"), {"--free", "mode", "--no-refine", "--json"}, with_models(studio));
  REQUIRE(run.status == 0);
  const auto json = nlohmann::ordered_json::parse(run.out);
  CHECK(json["renders"] == 1);
  CHECK(json["prediction"]["settings"][0] == doctest::Approx(0.5));
  CHECK(json["prediction"]["settings"][2] == doctest::Approx(0.5));  // the second of three modes
  CHECK(json["prediction"]["distance"] == json["distance"]["after"]);
}

TEST_CASE("controllers_that_do_not_fit_end_with_one_line") {
  const Studio studio;
  write_models(studio);
  const auto line_of = [&](const std::string& effect, const std::vector<std::string>& more) {
    const auto run = studio.match(effect, more);
    CHECK(run.status != 0);
    CHECK(std::ranges::count(run.err, '\n') == 1);
    return run.err;
  };
  CHECK(holds(line_of(test_effect("gain"), {"--no-refine"}), "there is no controller for it"));
  CHECK(holds(line_of(test_effect("gain"), {"--init", "predict"}), "there is no controller for it"));
  CHECK(holds(line_of(test_effect("gain"), {"--controller", "models/knobs.salmodel"}),
              "controls Test Knobs (3 parameters), not Test Gain"));
  CHECK(holds(line_of(test_effect("gain"), {"--controller", "in.wav"}), "it is not a checkpoint"));
  CHECK(holds(line_of(test_effect("gain"), {"--controller", "models/encoder.salmodel"}), "not 'controller'"));
  CHECK(holds(line_of(test_effect("knobs"), {"--init", "random", "--no-refine"}), "leave --no-refine out"));
  const std::string whole = bytes_of(studio.path("models/knobs.salmodel"));
  std::ofstream(studio.path("models/cut.salmodel"), std::ios::binary) << whole.substr(0, whole.size() / 2);
  CHECK(holds(line_of(test_effect("knobs"), {"--controller", "models/cut.salmodel"}), "it was cut off after"));
}

TEST_CASE("models_are_listed_and_shown") {
  const Studio studio;
  const std::string digest = write_models(studio);
  const auto list = studio({"models"}, with_models(studio));
  CHECK(list.status == 0);
  CHECK(holds(list.out, "always-dirty"));
  CHECK(holds(list.out, "Test Knobs"));
  const auto card = studio({"models", "always-dirty"}, with_models(studio));
  for (const auto& part : {"gain, mode", "licence", "split", digest.c_str()}) CHECK(holds(card.out, part));
  const auto json = nlohmann::ordered_json::parse(studio({"models", "--json"}, with_models(studio)).out);
  CHECK(std::ranges::any_of(json["models"], [&](const auto& model) { return model["digest"] == digest; }));
  const auto unknown = studio({"models", "nobody"}, with_models(studio));
  CHECK(unknown.status == 3);
  CHECK(holds(unknown.err, "no model 'nobody'"));
}

TEST_CASE("a_map_tells_how_far_predictions_are_whatever_its_own_encoder_is") {
  const Studio studio;
  write_models(studio);
  for (const std::string encoder : {"features", "plain"}) {
    CAPTURE(encoder);
    const auto made = studio({"map", "in.wav", "-e", test_effect("knobs"), "--free", "mode", "-n", "40", "--seconds",
                              "0.3", "--encoder", encoder, "-o", encoder + ".map"},
                             with_models(studio));
    REQUIRE_MESSAGE(made.status == 0, made.err);
    REQUIRE(studio({"map", "export", encoder + ".map", "-o", encoder + ".csv"}).status == 0);
    const auto table = parse_number_table(bytes_of(studio.path(encoder + ".csv")), "csv");
    const auto column = [&](std::string_view name) -> const std::vector<double>& {
      return table.columns[static_cast<std::size_t>(std::ranges::find(table.names, name) - table.names.begin())];
    };
    const auto &gain = column("p_gain"), &mode = column("p_mode"), &error = column("prediction_error");
    const double expected = column("p_hat_gain")[0];
    CHECK(expected == doctest::Approx(0.5));
    for (std::size_t i = 0; i < error.size(); ++i) {
      const double wrong = mode[i] == 1.0 ? 0.0 : 1.0;  // a class
      CHECK(error[i] == doctest::Approx(0.5 * (std::abs(gain[i] - expected) + wrong)).epsilon(1e-4));
    }
  }
}
