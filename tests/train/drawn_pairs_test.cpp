#include <doctest/doctest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/controller_training.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/heard.hpp"
#include "soundalike/rng.hpp"
#include "train/judge.hpp"
#include "train/material.hpp"

using namespace soundalike;
using namespace soundalike::training;

namespace {

// Plucked notes with some noise, of another pitch for each seed.
AudioBuffer tune(std::uint64_t seed, double seconds) {
  Rng rng(seed);
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * 16000.0), {16000.0});
  double phase = 0.0, hz = 200.0;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    if (i % 3200 == 0) hz = rng.uniform(100.0, 600.0);
    phase += 2.0 * std::numbers::pi * hz / 16000.0;
    const double decay = std::exp(-static_cast<double>(i % 3200) / 1300.0);
    audio.channel(0)[i] = static_cast<float>(
        0.2 * decay * (std::sin(phase) + 0.5 * std::sin(3.0 * phase) + 0.2 * rng.uniform(-1.0, 1.0)));
  }
  return audio;
}

// Recordings far too short to be cut in halves, in all splits.
class Shorts {
 public:
  Shorts() {
    for (int i = 0; i < 40; ++i) {
      write_audio(folder_ / ("tune-" + std::to_string(1000 + i) + ".wav"), tune(static_cast<std::uint64_t>(i), 0.7));
    }
    const std::vector<std::filesystem::path> folders{folder_.path()};
    data_ = manifests_of(folders, {});
  }
  const std::vector<Manifest>& data() const { return data_; }

 private:
  TempFolder folder_;
  std::vector<Manifest> data_;
};

ControllerTrainingOptions drawn(std::size_t count) {
  ControllerTrainingOptions options;
  options.drawn = {
      .count = count, .rate = {16000.0}, .seconds = 0.75, .warm_up_seconds = 0.25, .stretched = 0.5, .clean = 0.25};
  options.examples = 60;
  options.validation_examples = 16;
  options.renderer.workers = 2;
  return options;
}

Material material_of(const Shorts& shorts, const ControllerTrainingOptions& options) {
  return load_material(shorts.data(), options, {}, {});
}

const EffectLibrary& effects_here() {
  static const EffectLibrary installed({.use_cache = false});
  return installed;
}

struct Overdrive {
  Rigs rigs{{effects_here().find("mda Overdrive")}, RendererOptions{.workers = 2}};
  SettingsSpace space = space_of(rigs, {});
  Encoder encoder{plain_encoder("style-axes")};
};

}  // namespace

TEST_CASE("pairs_are_drawn_from_recordings_too_short_for_halves_the_same_by_any_number_of_threads") {
  const Shorts shorts;
  ControllerTrainingOptions options = drawn(24);
  const Material material = material_of(shorts, options);
  CHECK(material.recordings == files_of(shorts.data(), Split::train).size());
  REQUIRE(material.clips.size() == 24);
  REQUIRE(material.validation_clips.size() == options.validation_examples);
  std::size_t clean = 0;
  for (const ClipPair& clip : material.clips) {
    CHECK(clip.rate() == SampleRate{16000.0});
    CHECK(clip.warm_up == 4000);
    for (std::size_t half = 0; half < 2; ++half) {
      CHECK(clip.halves[half].frames() == 16000);
      CHECK(clip.heard(clip.halves[half].expand()).frames() == 12000);
    }
    clean += clip.clean ? 1 : 0;
  }
  CHECK(clean > 0);
  CHECK(clean < 16);
  options.renderer.workers = 1;
  const Material by_one = material_of(shorts, options);
  for (std::size_t i = 0; i < 24; ++i) CHECK(by_one.clips[i].halves == material.clips[i].halves);
  options.seed = 2;
  CHECK(material_of(shorts, options).clips[0].halves != material.clips[0].halves);
}

TEST_CASE("drawn_pairs_are_not_varied_too_and_an_empty_split_is_refused") {
  const Shorts shorts;
  ControllerTrainingOptions options = drawn(4);
  options.variations = 2;
  CHECK(thrown_by([&] { material_of(shorts, options); }).says("cannot vary drawn pairs"));
  CHECK(thrown_by([&] {
          draw_clips({}, Split::validation, {.pairs = options.drawn}, {}, {});
        }).says("no recordings of the validation split"));
  std::stop_source source;
  source.request_stop();
  options.variations = 0;
  CHECK(thrown_by([&] { load_material(shorts.data(), options, {}, source.get_token()); }).code == ErrorCode::cancelled);
}

TEST_CASE("true_settings_and_doing_nothing_to_what_is_clean_give_a_loss_of_zero_after_the_warm_up") {
  const Shorts shorts;
  const ControllerTrainingOptions options = drawn(24);
  const Material material = material_of(shorts, options);
  Overdrive effect;
  const KnownSettings known = make_both(material, effect.rigs, effect.space, effect.encoder, options, {}, {});
  const Examples& examples = known.validation;
  REQUIRE(examples.known > 0);
  REQUIRE(examples.known < examples.size());
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const ClipPair& clip = material.validation_clips[examples.clip[i]];
    CHECK(clip.clean == (i >= examples.known));
    const AudioBuffer input(clip.heard(clip.halves[examples.input[i]].expand()));
    CHECK(std::ranges::equal(effect.encoder.encode(input), examples.input_of(i)));
    const AudioBuffer other(clip.heard(clip.halves[1 - examples.input[i]].expand()));
    CHECK(std::ranges::equal(effect.encoder.encode(other), examples.reference_of(i)) == clip.clean);
  }
  const RenderLoss loss("matched-mrstft");
  const Judge judge(material.validation_clips, examples, effect.rigs, effect.space, loss, {});
  REQUIRE(judge.judged().size() == examples.size());
  std::vector<float> settings = examples.settings;  // of clean ones all 0, which leaves this effect's input as it is
  const auto losses = judge.losses(settings);
  for (std::size_t i = 0; i < examples.known; ++i) CHECK(losses[i] == 0.0);
  for (std::size_t i = examples.known; i < examples.size(); ++i) CHECK(losses[i] < 0.05);
  for (const auto& score : judge.knob_scores(settings)) CHECK(score.error == 0.0);
  for (std::size_t i = examples.known * examples.knobs; i < settings.size(); ++i) settings[i] = 1.0f;
  const auto wrong = judge.losses(settings);
  for (std::size_t i = examples.known; i < examples.size(); ++i) CHECK(wrong[i] > 0.3);
}

TEST_CASE("settings_that_leave_too_little_of_the_recording_are_drawn_anew") {
  const Shorts shorts;
  ControllerTrainingOptions options = drawn(12);
  options.drawn.clean = 0.0;
  const Material material = material_of(shorts, options);
  Overdrive effect;
  const auto mean_drive = [&] {
    const Examples examples = make_both(material, effect.rigs, effect.space, effect.encoder, options, {}, {}).train;
    CHECK(examples.size() > 30);
    double sum = 0.0;
    for (std::size_t i = 0; i < examples.size(); ++i) sum += examples.settings_of(i)[0] + examples.settings_of(i)[1];
    return sum / static_cast<double>(examples.size());
  };
  const double any = mean_drive();
  options.least_similarity = 0.9;
  CHECK(mean_drive() < any - 0.1);
  options.least_similarity = 0.9999999;
  CHECK(thrown_by([&] { mean_drive(); }).says("left too little of the recording"));
}

TEST_CASE("a_controller_learns_from_drawn_pairs_the_same_with_any_number_of_workers") {
  torch::set_num_threads(1);
  const Shorts shorts;
  ControllerTrainingOptions options = drawn(24);
  options.data = {shorts.data().front().folder};
  options.examples = 120;
  options.network = {{32}, 0.0, 1, 0.0};
  options.regression_batch = 32;
  options.regression.steps = 150;
  options.regression.learning_rate = {ScheduleKind::cosine, 3e-3, 1e-4, 0};
  options.regression.validate_every = 50;
  options.finish.steps = 10;
  options.finish.learning_rate = {ScheduleKind::cosine, 1e-3, 1e-4, 0};
  options.finish.validate_every = 5;
  options.finish_batch = 6;
  options.forest_trees = 10;
  const auto train = [&](std::size_t workers) {
    options.renderer.workers = workers;
    const TempFolder folder;
    RunFolder run = RunFolder::create(folder.path(), {"controller", "test", "{}", 1, {}});
    EventFile events(run.path());
    return train_controller({effects_here().find("mda Overdrive")}, plain_encoder("style-axes"), options, run, events);
  };
  const auto result = train(2);
  CHECK(result.examples > 100);
  CHECK(result.without_gradient == 0);
  CHECK(result.prediction < 0.8 * result.mean_settings);
  REQUIRE(result.forest);
  CHECK(*result.forest < result.mean_settings);
  const auto again = train(1);
  CHECK(again.prediction == result.prediction);
  CHECK(serialise(again.controller) == serialise(result.controller));
}
