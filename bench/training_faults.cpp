// A training of 500 steps through a plugin that fails at random: segmentation faults, hangs, NaN, exit() and memory
// hogs, of the plugin made for the tests (see faults.cpp). Trained with and without, the run must end, and both
// controllers be as near to the truth on recordings that neither has heard.
//
//   training_faults [faults in the steps]      prints one JSON object
#include <torch/torch.h>

#include <cstdlib>

#include "leftovers.hpp"
#include "measure.hpp"
#include "process.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/controller.hpp"
#include "soundalike/controller_training.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/mrstft.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr SampleRate rate{16000};
constexpr std::size_t steps = 500;
constexpr std::size_t batch = 2;
constexpr std::size_t renders = steps * batch * 4;  // prediction, two perturbations, target
constexpr std::size_t trials = 200;
const char* const variable = "SOUNDALIKE_TEST_FAULTS";

EffectListing faulty() {
  const auto build = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  EffectLibrary::Options options;
  options.use_cache = false;
  options.lv2_path = (build / "tests/plugins").string();
  return EffectLibrary(options).find("Test Faulty");
}

void record(const std::filesystem::path& folder) {
  for (int i = 0; i < 60; ++i) {
    const auto file = folder / ("music_" + std::to_string(i) + ".wav");
    if (split_of(file) == Split::test) continue;
    write_audio(file, make_music(1, 1.0, rate, static_cast<std::uint64_t>(i)));
  }
}

ControllerTrainingOptions options(const std::filesystem::path& data) {
  ControllerTrainingOptions how;
  how.data = {data};
  how.examples = 300;
  how.validation_examples = 20;
  how.minimum_seconds = 0.25;
  how.network = {{32}, 0.0};
  how.regression.steps = 60;  // leaves the rest to the steps through the plugin
  how.regression.validate_every = 60;
  how.finish.steps = steps;
  how.finish.learning_rate = {ScheduleKind::cosine, 2e-3, 1e-4, 0};
  how.finish.validate_every = 50;
  how.finish_batch = batch;
  how.loss.match_level = false;  // one of its two knobs is a gain
  how.renderer.deadline_seconds = 0.5;
  how.renderer.memory_bytes = std::size_t{256} << 20;
  return how;
}

struct Nearness {
  double loss = 0.0;   // MRSTFT to the render of the true settings
  double error = 0.0;  // of settings
};

// Of a controller on music that no training heard, without faults.
Nearness judge(const EffectListing& listing, const Checkpoint& checkpoint) {
  const Encoder encoder(plain_encoder("style-axes"));
  const Controller controller(checkpoint);
  BatchRenderer renderer({listing}, {rate, 1});
  Nearness sum;
  Rng rng(7);
  for (std::size_t i = 0; i < trials; ++i) {
    const AudioBuffer input = make_music(1, 0.5, rate, 1000 + 2 * i), other = make_music(1, 0.5, rate, 1001 + 2 * i);
    const std::vector<float> truth{static_cast<float>(rng.uniform()), static_cast<float>(rng.uniform())};
    const auto clip = renderer.add_clip(input), reference = renderer.add_clip(other);
    const auto known = renderer.render(std::vector<BatchRenderer::Job>{{clip, truth}, {reference, truth}});
    std::vector<float> said;
    for (const auto& knob : controller.predict(encoder.encode(input), encoder.encode(known[1].audio))) {
      sum.error += std::abs(knob.setting - truth[said.size()]) / (2.0 * trials);
      said.push_back(knob.setting);
    }
    const auto render = renderer.render(std::vector<BatchRenderer::Job>{{clip, said}});
    sum.loss += mrstft(render[0].audio, known[0].audio, MrstftOptions::auraloss()) / trials;
    renderer.remove_clip(clip);
    renderer.remove_clip(reference);
  }
  return sum;
}

nlohmann::ordered_json train_once(const EffectListing& listing, std::size_t one_in, std::uint64_t seed) {
  const TemporaryFolder data, runs;
  record(data.path());
  if (one_in > 0) ::setenv(variable, std::to_string(one_in).c_str(), 1);
  RunFolder run = RunFolder::create(runs.path() / "run", {"controller", "training_faults", "{}", seed, {}});
  EventFile events(run.path());
  auto how = options(data.path());
  how.seed = how.regression.seed = how.finish.seed = seed;
  const auto result = train_controller({listing}, plain_encoder("style-axes"), how, run, events);
  ::unsetenv(variable);
  const Nearness near = judge(listing, result.controller);
  return {{"steps", result.finish.steps},
          {"examples_rendered", result.examples},
          {"examples_without_gradient", result.without_gradient},
          {"mrstft", near.loss},
          {"settings_error", near.error}};
}

nlohmann::ordered_json measure(std::size_t faults) {
  torch::set_num_threads(1);
  const EffectListing listing = faulty();
  ::unsetenv(variable);
  nlohmann::ordered_json out{
      {"steps", steps}, {"renders_in_steps", renders}, {"one_render_fails_in", renders / faults}};
  for (const std::uint64_t seed : {1, 2, 3}) out["without_faults"].push_back(train_once(listing, 0, seed));
  out["with_faults"] = train_once(listing, renders / faults, 1);
  out["children_left"] = children().size();
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("training_faults", [&] { return measure(argc > 1 ? std::max(1ul, std::stoul(argv[1])) : 100); });
}
