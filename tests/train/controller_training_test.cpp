#include "soundalike/controller_training.hpp"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>
#include <cstdlib>
#include <numbers>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/bottleneck_training.hpp"
#include "soundalike/controller.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/heard.hpp"
#include "soundalike/predictor.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

namespace {

// Notes with harmonics and noise, another tune for each seed: no two halves alike.
AudioBuffer tune(std::uint64_t seed, double seconds, double rate) {
  Rng rng(seed);
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * rate), {rate});
  double phase = 0.0;
  double hz = 200.0;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const std::size_t in_note = i % static_cast<std::size_t>(0.2 * rate);
    if (in_note == 0) hz = rng.uniform(100.0, 600.0);
    phase += 2.0 * std::numbers::pi * hz / rate;
    const double decay = std::exp(-static_cast<double>(in_note) / (0.08 * rate));
    const double tone = std::sin(phase) + 0.5 * std::sin(2.0 * phase) + 0.3 * std::sin(5.0 * phase);
    audio.channel(0)[i] = static_cast<float>(0.2 * decay * (tone + 0.3 * rng.uniform(-1.0, 1.0)));
  }
  return audio;
}

// A folder with recordings in the train and validation splits.
void fill(const TempFolder& folder, std::size_t train, std::size_t validation) {
  for (int i = 0; train + validation > 0; ++i) {
    const std::string name = "tune-" + std::to_string(1000 + i) + ".wav";
    std::size_t& wanted = split_of(name) == Split::train ? train : validation;
    if (split_of(name) == Split::test || wanted == 0) continue;
    --wanted;
    write_audio(folder / name, tune(static_cast<std::uint64_t>(i), 1.6, 16000.0));
  }
}

const EffectLibrary& library() {
  static const EffectLibrary installed({.use_cache = false});
  return installed;
}

ControllerTrainingOptions options(const TempFolder& data) {
  torch::set_num_threads(1);
  ControllerTrainingOptions result;
  result.data = {data.path()};
  result.examples = 120;
  result.validation_examples = 12;
  result.minimum_seconds = 0.5;
  result.network = {{32}, 0.0, 1, 0.0};
  result.regression_batch = 32;
  result.regression.steps = 150;
  result.regression.learning_rate = {ScheduleKind::cosine, 3e-3, 1e-4, 0};
  result.regression.validate_every = 50;
  result.finish.steps = 0;
  result.finish.learning_rate = {ScheduleKind::cosine, 2e-3, 1e-4, 0};
  result.finish.validate_every = 10;
  result.finish_batch = 6;
  result.renderer.workers = 2;
  return result;
}

RunInfo info() { return {"controller", "test", "{}", 1, {}}; }

ControllerTrainingResult train(const ControllerTrainingOptions& how, const TempFolder& folder,
                               const Progress& progress = {}, const std::stop_token& stop = {},
                               const Checkpoint& encoder = plain_encoder("style-axes"),
                               const std::string& effect = "mda Overdrive") {
  RunFolder run = RunFolder::holds_run(folder.path()) ? RunFolder::resume(folder.path(), info())
                                                      : RunFolder::create(folder.path(), info());
  EventFile events(run.path());
  return train_controller({library().find(effect)}, encoder, how, run, events, progress, stop);
}

}  // namespace

TEST_CASE("a_controller_learns_settings_better_than_their_mean_and_exports_to_what_predicts") {
  const TempFolder data, folder;
  fill(data, 10, 4);
  auto how = options(data);
  how.forest_trees = 30;
  const auto result = train(how, folder);
  CHECK(result.prediction < 0.7 * result.dry);
  REQUIRE(result.knobs.size() == 2);
  for (const auto& knob : result.knobs) {
    CAPTURE(knob.knob);
    CHECK(knob.error < 0.75 * knob.constant);
    CHECK(knob.correlation > 0.5);
  }
  // The forest learns from the same examples; it is worse here, and far better than the mean setting.
  REQUIRE(result.forest);
  CHECK(*result.forest < result.dry);
  REQUIRE(result.forest_knobs.size() == 2);
  for (const auto& knob : result.forest_knobs) CHECK(knob.correlation > 0.5);
  const Controller controller(result.controller);
  const Encoder encoder(plain_encoder("style-axes"));
  CHECK(controller.effects().front().id == "lv2:http://drobilla.net/plugins/mda/Overdrive");
  CHECK(controller.embedding_size() == encoder.size());
  const auto need = dependency(result.controller, "encoder");
  REQUIRE(need);
  CHECK(need->digest == encoder.digest());
}

TEST_CASE("static_settings_are_learnt") {
  const TempFolder data, folder;
  fill(data, 6, 2);
  auto how = options(data);
  how.fixed = {{"drive", "60 %"}, {"muffle", "30 %"}};
  how.examples = 40;
  how.validation_examples = 6;
  how.regression.steps = 1500;
  how.regression.learning_rate = {ScheduleKind::cosine, 5e-3, 1e-5, 0};
  how.regression.weight_decay = 2.0;  // what the inputs do not explain must leave the weights
  how.regression.validate_every = 300;
  const auto result = train(how, folder);
  CHECK(result.dry > 0.2);
  CHECK(result.prediction < 0.02 * result.dry);  // the loss at the true settings is 0
}

TEST_CASE("spsa_through_the_plugin_improves_what_too_little_learning_left") {
  const TempFolder data, folder;
  fill(data, 10, 4);
  auto how = options(data);
  how.regression.steps = 10;
  how.finish.steps = 60;
  const auto result = train(how, folder);
  CHECK(result.finish.best < 0.9 * result.regression.best);
  CHECK(result.prediction <= result.finish.best * 1.001);  // likeliest places, where they are nearer
}

TEST_CASE("guesses_that_are_worse_than_means_are_hedged") {
  const TempFolder data, folder;
  fill(data, 10, 4);
  auto how = options(data);
  how.regression.steps = 20;  // too few to know likely places
  how.finish.steps = 40;
  const auto result = train(how, folder);
  CHECK(result.prediction <= result.finish.best * 1.001);  // which judges means; but for rounding of the weights
  std::stop_source source;                                 // stopped while the last step is judged
  const Progress stopper = [&](const ProgressUpdate& update) {
    if (update.stage == "finish" && update.done == how.finish.steps) source.request_stop();
  };
  const TempFolder stopped;
  CHECK(train(how, stopped, stopper, source.get_token()).stopped);
  const auto resumed = train(how, stopped);
  CHECK(resumed.finish.best == result.finish.best);
  CHECK((resumed.controller.tensors == result.controller.tensors));
  Checkpoint guessing = result.controller;
  for (auto& knob : guessing.effects.front().knobs) knob.hedge = false;
  const Checkpoint first = parse_checkpoint(serialise(guessing), "first");
  how.from = &first;
  how.regression.steps = how.finish.steps = 0;
  const TempFolder again;
  CHECK((train(how, again).controller.effects == result.controller.effects));  // decided anew, alike
}

TEST_CASE("no_steps_are_refused_where_there_is_nothing_to_go_on_from") {
  const TempFolder data, folder;
  fill(data, 10, 4);
  auto how = options(data);
  how.regression.steps = 0;
  CHECK(thrown_by([&] { train(how, folder); }).says("only a controller to go on from (--from) needs none"));
}

TEST_CASE("a_controller_can_be_gone_on_from_and_only_be_tried_anew") {
  const TempFolder data;
  fill(data, 10, 4);
  auto how = options(data);
  SUBCASE("of one network") {}
  SUBCASE("of two networks") { how.network.members = 2; }
  const TempFolder folder, again, more, other;
  const auto learnt = train(how, folder);
  const Checkpoint first = parse_checkpoint(serialise(learnt.controller), "first");
  how.from = &first;
  how.regression.steps = 0;
  how.parts = 0;  // the network's own shape counts
  how.network = {};
  const auto tried = train(how, again);
  CHECK((tried.controller.tensors == first.tensors));
  CHECK(tried.prediction == doctest::Approx(learnt.prediction).epsilon(0.02));  // but for rounding of the weights
  how.regression.steps = 5;
  CHECK((train(how, more).controller.tensors != first.tensors));
  CHECK(thrown_by([&] { train(how, other, {}, {}, plain_encoder("style-features")); }).says("learnt with encoder"));
  const TempFolder third;
  CHECK(thrown_by([&] {
          train(how, third, {}, {}, plain_encoder("style-axes"), "mda RingMod");
        }).says("it sets other effects or knobs"));
}

TEST_CASE("a_run_stopped_in_either_stage_and_resumed_equals_one_with_other_workers") {
  const TempFolder data, whole_folder, folder;
  fill(data, 6, 2);
  auto how = options(data);
  how.network.members = 2;
  how.examples = 40;
  how.validation_examples = 4;
  how.regression.steps = 20;
  how.finish.steps = 12;
  how.finish_batch = 3;
  const auto whole = train(how, whole_folder);
  how.renderer.workers = 3;
  for (const auto& [stage, at] : {std::pair("regression", 7u), std::pair("finish", 5u)}) {
    std::stop_source source;
    const Progress stopper = [&, stage = std::string(stage), at = at](const ProgressUpdate& update) {
      if (update.stage == stage && update.done == at) source.request_stop();
    };
    CHECK(train(how, folder, stopper, source.get_token()).stopped);
  }
  const auto resumed = train(how, folder);
  CHECK_FALSE(resumed.stopped);
  CHECK(resumed.prediction == whole.prediction);
  CHECK((resumed.controller.tensors == whole.controller.tensors));
}

TEST_CASE("examples_in_the_cache_are_the_same_as_new_ones") {
  const TempFolder data, cache, a, b, c;
  fill(data, 4, 2);
  auto how = options(data);
  how.examples = 30;
  how.validation_examples = 4;
  how.regression.steps = 10;
  const auto plain = train(how, a);
  how.cache = cache.path();
  train(how, b);
  CHECK(cache.entries() == 2);
  const auto cached = train(how, c);
  CHECK(cache.entries() == 2);
  CHECK((cached.controller.tensors == plain.controller.tensors));
}

TEST_CASE("data_without_a_usable_recording_says_why") {
  const TempFolder empty, tiny, silent, folder;
  CHECK(thrown_by([&] { train(options(empty), folder); }).code == ErrorCode::invalid_argument);
  for (int i = 0; i < 20; ++i) {
    const std::string name = "tune-" + std::to_string(i) + ".wav";
    write_audio(tiny / name, tune(1, 0.3, 16000.0));
    write_audio(silent / name, AudioBuffer(1, 32000, {16000.0}));
  }
  const TempFolder second, third;
  CHECK(thrown_by([&] { train(options(tiny), second); }).says("halves under 0.5 s or are silent"));
  CHECK(thrown_by([&] { train(options(silent), third); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("the_split_design_learns_a_code_for_several_effects_and_a_decoder_for_one") {
  const TempFolder data, first, second;
  fill(data, 8, 3);
  BottleneckTrainingOptions how;
  how.dimensions = 4;
  how.beta = 1e-4;
  how.each = options(data);
  RunFolder run = RunFolder::create(first.path(), info());
  EventFile events(run.path());
  const Checkpoint encoder = plain_encoder("style-axes");
  Checkpoint g =
      train_bottleneck({library().find("mda Overdrive"), library().find("mda RingMod")}, encoder, how, run, events);
  g = parse_checkpoint(serialise(g), "g");
  auto each = options(data);
  each.bottleneck = &g;
  const auto result = train(each, second);
  CHECK(result.prediction < 0.8 * result.dry);
  const Controller controller(result.controller, &g);
  CHECK(controller.embedding_size() == Encoder(encoder).size());
}

TEST_CASE("an_encoder_that_learns_with_its_controller_comes_with_it") {
  const TempFolder data, folder, other;
  fill(data, 8, 3);
  const Checkpoint before =
      read_checkpoint(std::filesystem::path(std::getenv("SOUNDALIKE_SOURCE")) / "models/style-encoder.salmodel");
  auto how = options(data);
  how.examples = 40;
  how.regression.steps = 60;
  how.finish.steps = 4;
  how.encoder_learns = true;
  const auto result = train(how, folder, {}, {}, before);
  REQUIRE(result.encoder);
  CHECK(result.encoder->name == "mda-overdrive-encoder");
  CHECK(heard_by(result.encoder->metadata).size() == heard_by(before.metadata).size() + 1);
  CHECK(result.encoder->tensors.at("wide.weight") != before.tensors.at("wide.weight"));
  CHECK(result.encoder->tensors.at("axes.weight") == before.tensors.at("axes.weight"));  // fixed in it
  CHECK(result.prediction < result.dry);
  // It is the one that the controller asks for, and both run without libtorch.
  const Predictor predictor(result.controller, std::span(&*result.encoder, 1));
  const AudioBuffer clip = tune(1, 1.0, 16000.0);
  CHECK(predictor.predict(clip, clip).size() == 2);

  how.encoder_learns = false;
  CHECK_FALSE(train(how, other, {}, {}, before).encoder);
}

TEST_CASE("an_encoder_without_weights_or_behind_a_bottleneck_cannot_learn") {
  const TempFolder data, first, second;
  fill(data, 4, 2);
  auto how = options(data);
  how.encoder_learns = true;
  CHECK(thrown_by([&] { train(how, first); }).says("no weights that could learn"));
  const Checkpoint bottleneck;
  how.bottleneck = &bottleneck;
  CHECK(thrown_by([&] { train(how, second); }).says("bottleneck learnt with the encoder as it is"));
}

TEST_CASE("plain_encoders_are_found_by_name") {
  CHECK(Encoder(plain_encoder("style-axes")).size() == 64);
  CHECK(Encoder(plain_encoder("style-features")).size() > 500);
  CHECK(thrown_by([] { plain_encoder("style-feature"); }).code == ErrorCode::not_found);
}
