#include "soundalike/encoder_training.hpp"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>
#include <numbers>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/encoder_network.hpp"
#include "soundalike/rng.hpp"
#include "train/encoder_trainee.hpp"
#include "train/episode_cache.hpp"

using namespace soundalike;

namespace {

/// Notes of a few partials over quiet noise: something that effects change and that is not the same twice.
AudioBuffer melody(std::uint64_t seed) {
  Rng rng(seed);
  AudioBuffer out(1, 72000, {24000.0});
  for (std::size_t note = 0; note < 12; ++note) {
    const double hz = 110.0 * std::exp2(rng.uniform(0.0, 3.0));
    for (std::size_t i = 0; i < 6000; ++i) {
      const double t = static_cast<double>(i) / 24000.0;
      double x = 0.02 * rng.uniform(-1.0, 1.0);
      for (int k = 1; k <= 4; ++k) x += 0.2 / k * std::sin(2.0 * std::numbers::pi * hz * k * t);
      out.channel(0)[note * 6000 + i] = static_cast<float>(x * std::exp(-4.0 * t));
    }
  }
  return out;
}

/// A folder with recordings of every split.
struct Recordings {
  TempFolder folder;
  Recordings() {
    for (std::uint64_t i = 0; i < 40; ++i) {
      const auto file = folder / ("melody_" + std::to_string(i) + ".wav");
      if (split_of(file) == Split::test) continue;
      write_audio(file, melody(i));
    }
  }
};

EncoderTrainingOptions options_for(const Recordings& recordings, std::string model) {
  static const EffectLibrary library;
  EncoderTrainingOptions options;
  options.model = std::move(model);
  options.data = {recordings.folder.path()};
  options.effects = effects_named(library, {"mda Overdrive", "mda Combo"});
  options.episodes = 4;
  options.validation_episodes = 2;
  options.effects_per_episode = 2;
  options.settings = 3;
  options.batch = 4;
  options.batch_episodes = 2;
  options.trainer = {.steps = 20, .seed = 5, .validate_every = 10, .checkpoint_every = 10};
  options.workers = 2;
  options.half_precision = false;
  return options;
}

EncoderTrainingResult run(const EncoderTrainingOptions& options, const std::filesystem::path& folder) {
  RunFolder run = RunFolder::create(folder, {"encoder", "test", "{}", options.trainer.seed, {}});
  EventFile events(run.path());
  auto result = train_encoder(options, "{}", run, events);
  run.end(RunState::finished);
  return result;
}

bool same_weights(const EncoderTrainingResult& a, const EncoderTrainingResult& b) {
  return read_checkpoint(a.checkpoint).tensors == read_checkpoint(b.checkpoint).tensors;
}

}  // namespace

TEST_CASE("style_encoder_learns_and_what_it_writes_encodes_recordings") {
  const Recordings recordings;
  const TempFolder runs;
  auto options = options_for(recordings, "style-encoder");
  options.trainer.steps = 60;
  const auto result = run(options, runs / "a");
  CHECK(result.training.steps == 60);
  const Checkpoint checkpoint = read_checkpoint(result.checkpoint);
  CHECK(checkpoint.digest == result.digest);
  const Encoder encoder(checkpoint);
  CHECK(encoder.size() == 64);
  const auto embedding = encoder.encode(melody(99));
  CHECK(embedding == encoder.encode(melody(99)));
  // Learnt: judged better than where it began.
  options.trainer.steps = 1;
  options.trainer.learning_rate.first = 1e-12;
  const auto before = run(options, runs / "b");
  CHECK(result.training.best < 0.9 * before.training.best);
}

TEST_CASE("variational_encoder_is_judged_at_a_fixed_beta_and_draws_what_it_says_again") {
  const Recordings recordings;
  const TempFolder runs;
  auto options = options_for(recordings, "mel-vae-small");
  options.trainer.steps = 6;
  options.trainer.validate_every = 3;
  options.beta = {.kind = BetaScheduleKind::cyclic, .low = 0.0, .high = 1e-3, .cycles = 2};
  const auto result = run(options, runs / "a");
  CHECK(std::filesystem::file_size(runs / "a/reconstruction.png") > 1000);
  CHECK(Encoder(read_checkpoint(result.checkpoint)).size() == 64);
}

TEST_CASE("same_seed_gives_the_same_encoder_whatever_the_workers_and_the_cache") {
  const Recordings recordings;
  const TempFolder runs;
  auto options = options_for(recordings, "style-encoder");
  const auto first = run(options, runs / "a");
  options.workers = 3;
  options.cache = runs / "cache";
  const auto second = run(options, runs / "b");
  const auto third = run(options, runs / "c");  // from the cache
  CHECK(same_weights(second, first));
  CHECK(same_weights(third, first));
  options.trainer.seed = 6;
  CHECK_FALSE(same_weights(run(options, runs / "d"), first));
}

TEST_CASE("stopped_and_resumed_encoder_equals_one_run") {
  const Recordings recordings;
  const TempFolder runs;
  auto options = options_for(recordings, "style-encoder");
  options.cache = runs / "cache";
  const auto whole = run(options, runs / "whole");
  std::stop_source source;
  const RunInfo info{"encoder", "test", "{}", 5, {}};
  {
    RunFolder folder = RunFolder::create(runs / "parts", info);
    EventFile events(folder.path());
    const Progress stop_half_way = [&](const ProgressUpdate& update) {
      if (update.stage == "training" && update.done == 10) source.request_stop();
    };
    const auto part = train_encoder(options, "{}", folder, events, stop_half_way, source.get_token());
    CHECK(part.training.stopped);
    CHECK(part.checkpoint.empty());
    folder.end(RunState::stopped);
  }
  RunFolder folder = RunFolder::resume(runs / "parts", info);
  EventFile events(folder.path(), static_cast<std::int64_t>(resumed_step(folder)));
  const auto rest = train_encoder(options, "{}", folder, events);
  folder.end(RunState::finished);
  CHECK(same_weights(rest, whole));
}

TEST_CASE("encoder_training_refuses_what_it_cannot_learn_from") {
  const Recordings recordings;
  const TempFolder runs;
  auto options = options_for(recordings, "style-encoder");
  options.effects.clear();
  CHECK(thrown_by([&] { run(options, runs / "a"); }).says("no effects given"));
  options = options_for(recordings, "stile-encoder");
  CHECK(thrown_by([&] { run(options, runs / "b"); }).says("no such encoder"));
  options = options_for(recordings, "style-encoder");
  const TempFolder silent;
  for (int i = 0; i < 30; ++i) {
    write_audio(silent / ("silence_" + std::to_string(i) + ".wav"), AudioBuffer(1, 48000, {24000.0}));
  }
  options.data = {silent.path()};
  CHECK(thrown_by([&] { run(options, runs / "c"); }).says("not silent and long enough"));
}
