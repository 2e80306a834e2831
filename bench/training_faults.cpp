// A training of 500 steps through a plugin that fails at random: segmentation faults, hangs, NaN, exit() and memory
// hogs, of the plugin made for the tests (fault_schedule.hpp), as many as asked for, within those steps. Trained with
// and without, the run must end with the curve that it has without, within its noise from seed to seed, and both
// controllers be as near to the truth on recordings that neither has heard; and nothing may be left behind.
//
//   training_faults [faults in the steps]      prints one JSON object
#include <torch/torch.h>

#include <cstdlib>

#include "fault_schedule.hpp"
#include "leftovers.hpp"
#include "measure.hpp"
#include "process.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/controller.hpp"
#include "soundalike/controller_training.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/event_reader.hpp"
#include "soundalike/mrstft.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr SampleRate rate{16000};
constexpr std::size_t steps = 500;
constexpr std::size_t batch = 2;
constexpr std::size_t trials = 200;

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
  how.loss = how.judged_by = "mrstft";  // one of its two knobs is a gain
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

using Curve = std::map<std::int64_t, double>;

/// Loss on the validation split by step of the finish.
Curve curve_of(const std::filesystem::path& run) {
  Curve curve;
  for (const auto& entry : std::filesystem::directory_iterator(run)) {
    if (entry.path().filename().string().find("tfevents") == std::string::npos) continue;
    EventReader reader(entry.path());
    const auto take = [&](const LoggedValue& value) {
      if (value.tag == "finish/validation/value") curve[value.step] = std::get<double>(value.value);
    };
    while (reader.read(take, std::size_t{8} << 20)) {
    }
  }
  return curve;
}

/// Root mean square of the differences of two curves.
double apart(const Curve& a, const Curve& b) {
  double sum = 0.0;
  for (const auto& [step, value] : a) sum += std::pow(value - b.at(step), 2.0);
  return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(1, a.size())));
}

struct Trained {
  nlohmann::ordered_json told;
  Curve curve;
  FaultSchedule::Met met;
};

/// @param renders of the steps that the faults are spread over.
Trained train_once(const EffectListing& listing, std::uint64_t seed, std::size_t renders, std::size_t faults) {
  const TemporaryFolder data, runs, folder;
  record(data.path());
  RunFolder run = RunFolder::create(runs.path() / "run", {"controller", "training_faults", "{}", seed, {}});
  EventFile events(run.path());
  auto how = options(data.path());
  how.seed = how.regression.seed = how.finish.seed = seed;
  FaultSchedule schedule(folder.path());
  bool armed = false;
  const auto arm_with_the_finish = [&](const ProgressUpdate& update) {
    if (armed || update.stage.find("finish") == update.stage.npos) return;
    schedule.arm(renders, faults, seed);
    armed = true;
  };
  const auto result = train_controller({listing}, plain_encoder("style-axes"), how, run, events, arm_with_the_finish);
  Trained trained;
  trained.met = schedule.disarm();
  const Nearness near = judge(listing, result.controller);
  trained.curve = curve_of(run.path());
  trained.told = {{"steps", result.finish.steps},
                  {"examples_rendered", result.examples},
                  {"met", trained.met.json()},
                  {"examples_without_gradient", result.without_gradient},
                  {"curve", nlohmann::ordered_json::array()},
                  {"mrstft", near.loss},
                  {"settings_error", near.error}};
  for (const auto& [step, value] : trained.curve) trained.told["curve"].push_back(value);
  return trained;
}

nlohmann::ordered_json measure(std::size_t faults) {
  torch::set_num_threads(1);
  const EffectListing listing = faulty();
  const auto files = names_in("/proc/self/fd");
  const auto segments = names_in("/dev/shm");
  const TemporaryFolder temporary;  // others use the common one
  ::setenv("TMPDIR", temporary.path().c_str(), 1);
  nlohmann::ordered_json out{{"steps", steps}};
  constexpr std::size_t room = 16 * steps * batch;  // more renders than there will be
  std::vector<Trained> plain;
  for (const std::uint64_t seed : {1, 2, 3}) plain.push_back(train_once(listing, seed, room, 0));
  const Trained disturbed = train_once(listing, 1, plain.front().met.renders, faults);
  for (const Trained& one : plain) out["without_faults"].push_back(one.told);
  out["with_faults"] = disturbed.told;
  out["curve_apart_from_the_same_seed"] = apart(disturbed.curve, plain[0].curve);
  out["curves_of_other_seeds_apart"] = {apart(plain[0].curve, plain[1].curve), apart(plain[0].curve, plain[2].curve),
                                        apart(plain[1].curve, plain[2].curve)};
  out["children_left"] = children().size();
  out["open_files_left"] = names_in("/proc/self/fd") != files;
  out["shared_segments_left"] = names_in("/dev/shm") != segments;
  out["temporary_files_left"] = !names_in(temporary.path()).empty();
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("training_faults", [&] { return measure(argc > 1 ? std::max(1ul, std::stoul(argv[1])) : 100); });
}
