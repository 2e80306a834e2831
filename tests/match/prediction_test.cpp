// Matching from a prediction, with a controller that really learnt to predict.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "match/learnt_controller.hpp"
#include "soundalike/predictor.hpp"

namespace soundalike {
namespace {

/// A folder with the controller and its encoder, learnt once for all tests of this file.
struct Models {
  TempFolder folder;
  std::filesystem::path controller = folder / "places.salmodel";
  std::string digest;
  Models() {
    write_checkpoint(folder / "encoder.salmodel", style_encoder());
    digest = write_checkpoint(controller, learn_places(1));
  }
};
const Models& models() {
  static const Models made;
  return made;
}

struct Case {
  AudioBuffer input, reference;
  std::vector<float> truth;
};

// Content that the controller has not heard, hidden settings.
Case hidden_case(std::uint64_t seed) {
  const std::vector<EffectListing> chain{test_plugin("places")};
  Matcher matcher(chain);
  Rng rng(seed);
  const auto truth =
      matcher.space(places_options(1)).expand(std::vector{rng.uniform(0.05, 0.55), rng.uniform(0.05, 0.95)});
  BatchRenderer renderer(chain, {SampleRate{24000}, 2}, {.workers = 1});
  const std::vector<BatchRenderer::Job> jobs{{renderer.add_clip(bursts(seed + 500)), truth}};
  auto renders = renderer.render(jobs);
  return {bursts(seed), std::move(renders.front().audio), truth};
}

MatchOptions from_prediction(std::size_t budget) {
  MatchOptions options = places_options(budget);
  options.controller = models().controller;
  return options;
}

}  // namespace

TEST_CASE("a_learnt_controller_predicts_better_than_the_middle") {
  Matcher matcher({test_plugin("places")}, {.workers = 2});
  double predicted_error = 0.0;
  double middle_error = 0.0;
  for (std::uint64_t seed = 40; seed < 48; ++seed) {
    const Case example = hidden_case(seed);
    const auto predicted = matcher.predict(example.input, example.reference, from_prediction(1));
    REQUIRE(predicted);
    for (const std::size_t knob : {1u, 2u}) {  // drive, steps
      predicted_error += std::fabs((*predicted)[knob] - example.truth[knob]);
      middle_error += std::fabs((knob == 1 ? 0.3f : 0.5f) - example.truth[knob]);
    }
    CHECK((*predicted)[0] == example.truth[0]);  // pinned
    CHECK((*predicted)[3] == example.truth[3]);
  }
  CHECK(predicted_error < 0.7 * middle_error);
}

TEST_CASE("without_refining_the_prediction_is_taken_and_rendered_once") {
  Matcher matcher({test_plugin("places")}, {.workers = 2});
  const Case example = hidden_case(60);
  MatchOptions options = from_prediction(100);
  options.refine = false;
  const Match match = matcher.match(example.input, example.reference, options);
  CHECK(match.renders == 1);
  CHECK(match.settings == match.predicted_settings);
  CHECK(match.settings == *matcher.predict(example.input, example.reference, options));
  CHECK(match.predicted_distance == match.distance_after);
  CHECK(match.kept_dry == (match.distance_after >= 0.999 * match.distance_before));
  // A reference that is the dry input's own kind: no prediction is nearer than nothing.
  const Match dry = matcher.match(example.input, bursts(61), options);
  CHECK(dry.kept_dry);
  CHECK(dry.wet == 0.0);
}

TEST_CASE("refining_starts_at_the_prediction_and_repeats_bit_for_bit") {
  Matcher one({test_plugin("places")}, {.workers = 1});
  Matcher three({test_plugin("places")}, {.workers = 3});
  const Case example = hidden_case(62);
  const MatchOptions options = from_prediction(30);
  const Match a = one.match(example.input, example.reference, options);
  const Match b = three.match(example.input, example.reference, options);
  CHECK(a.settings == b.settings);
  CHECK(a.distance_after == b.distance_after);
  CHECK(a.renders == 30);
  REQUIRE(a.predicted_distance);
  CHECK(a.nearest_distance <= *a.predicted_distance);
  CHECK(a.controller == "places-linear");
  CHECK(a.controller_digest == models().digest);
  const Recipe recipe = one.recipe(a, options, {24000.0}, 2);
  CHECK(recipe.controller == "places-linear");
  CHECK(recipe.controller_digest == models().digest);
  const Recipe again = parse_recipe(to_json(recipe), "recipe");
  CHECK(again.controller_digest == models().digest);
}

TEST_CASE("a_match_from_the_prediction_needs_fewer_renders") {
  Matcher matcher({test_plugin("places")}, {.workers = 3});
  double few = 0.0;
  double many = 0.0;
  for (std::uint64_t seed = 70; seed < 76; ++seed) {
    const Case example = hidden_case(seed);
    MatchOptions anywhere = places_options(12);
    anywhere.start = Start::random;
    anywhere.decision = Decision::nearest;
    MatchOptions predicted = from_prediction(12);
    predicted.decision = Decision::nearest;
    many += matcher.match(example.input, example.reference, anywhere).nearest_distance;
    few += matcher.match(example.input, example.reference, predicted).nearest_distance;
  }
  CHECK(few < many);
}

TEST_CASE("where_a_start_without_prediction_is_asked_for_no_controller_is_used") {
  Matcher matcher({test_plugin("places")}, {.workers = 2});
  const Case example = hidden_case(64);
  for (const Start start : {Start::random, Start::profile}) {
    MatchOptions options = places_options(8);
    options.start = start;
    const Match match = matcher.match(example.input, example.reference, options);
    CHECK(match.controller.empty());
    CHECK(match.predicted_settings.empty());
    CHECK(!match.predicted_distance);
  }
}

TEST_CASE("a_prediction_that_cannot_be_made_says_why") {
  const AudioBuffer clip = bursts(1);
  Matcher gain({test_plugin("gain")}, {.workers = 1});
  MatchOptions options;
  options.start = Start::predict;
  const auto missing = thrown_by([&] { gain.match(clip, clip, options); });
  CHECK(missing.code == ErrorCode::not_found);
  CHECK(missing.says("cannot predict for Test Gain: there is no controller for it"));
  options.start = Start::automatic;
  options.refine = false;
  CHECK(thrown_by([&] { gain.match(clip, clip, options); }).says("no controller"));
  CHECK(!gain.predict(clip, clip, {}));
  options.controller = models().controller;
  CHECK(thrown_by([&] { gain.match(clip, clip, options); }).says("controller 'places-linear' controls "));
}

}  // namespace soundalike
