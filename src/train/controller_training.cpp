#include "soundalike/controller_training.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "soundalike/controller.hpp"
#include "soundalike/error.hpp"
#include "soundalike/heard.hpp"
#include "soundalike/network.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/version.hpp"
#include "train/begin_network.hpp"
#include "train/controller_trainees.hpp"
#include "train/device.hpp"
#include "train/forest_baseline.hpp"
#include "train/hearing.hpp"
#include "train/hedging.hpp"
#include "train/inputs.hpp"

namespace soundalike {
namespace {

using namespace training;

// "MDA Overdrive" -> "mda-overdrive"; of a chain, joined by "+".
std::string model_name(const std::vector<EffectListing>& chain) {
  std::string name;
  for (const auto& listing : chain) {
    if (!name.empty()) name += '+';
    for (const char c : listing.info.name) {
      const auto byte = static_cast<unsigned char>(c);
      if (std::isalnum(byte))
        name += static_cast<char>(std::tolower(byte));
      else if (!name.empty() && name.back() != '-' && name.back() != '+')
        name += '-';
    }
    while (name.ends_with('-')) name.pop_back();
  }
  return name;
}

SettingsSpace space_of(const Rigs& rigs, const std::vector<std::pair<std::string, std::string>>& pinned) {
  SettingsSpace space(rigs.chain(), rigs.profiles());
  for (const auto& [knob, value] : pinned) space.pin(knob, value);
  if (space.free().empty()) {
    throw Error(ErrorCode::invalid_argument, "cannot train a controller: none of the knobs is free to move");
  }
  return space;
}

// Values in [0, 1] of the free knobs that are the same in every example, NaN for the others.
std::vector<double> fixed_points(const SettingsSpace& space,
                                 const std::vector<std::pair<std::string, std::string>>& fixed) {
  std::vector<double> points(space.free().size(), std::numeric_limits<double>::quiet_NaN());
  for (const auto& [knob, value] : fixed) {
    SettingsSpace pinned = space;
    pinned.pin(knob, value);
    const std::size_t parameter = space.index_of(knob);
    const auto all = space.point_of(pinned.base());
    bool found = false;
    for (std::size_t k = 0; k < points.size(); ++k) {
      if (space.free()[k].parameter != parameter) continue;
      points[k] = all[k];
      found = true;
    }
    if (!found) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot fix '{}': it is no free knob, so it is the same in every example", knob));
    }
  }
  return points;
}

ClipOptions clip_options(const ControllerTrainingOptions& options) {
  return {options.minimum_seconds, options.maximum_seconds, options.maximum_frames};
}

struct Material {
  std::vector<ClipPair> clips, validation_clips;
};
Material load_material(const std::vector<Manifest>& data, const ControllerTrainingOptions& options,
                       const Progress& progress, const std::stop_token& stop) {
  if (options.regression.steps == 0 && options.from == nullptr) {
    throw Error(ErrorCode::invalid_argument,
                "cannot train with no steps on known settings: only a controller to go on from (--from) needs none");
  }
  return {load_clips(files_of(data, Split::train), Split::train, clip_options(options), progress, stop),
          load_clips(files_of(data, Split::validation), Split::validation, clip_options(options), progress, stop)};
}

struct KnownSettings {
  Examples train, validation;
};
KnownSettings make_both(const Material& material, Rigs& rigs, const SettingsSpace& space, const Encoder& encoder,
                        const ControllerTrainingOptions& options, const Progress& progress,
                        const std::stop_token& stop) {
  ExampleOptions how;
  how.cache = options.cache;
  how.seed = options.seed;
  how.count = options.examples;
  how.fixed = fixed_points(space, options.fixed);
  KnownSettings known;
  known.train = make_examples(material.clips, rigs, space, encoder, how, progress, stop);
  how.count = options.validation_examples;
  how.seed = options.seed + 1;
  how.stage = "rendering validation examples";
  known.validation = make_examples(material.validation_clips, rigs, space, encoder, how, progress, stop);
  return known;
}

std::vector<float> middle_settings(const SettingsSpace& space, std::size_t examples) {
  const std::vector<float> full = space.expand(std::vector<double>(space.free().size(), 0.5));
  std::vector<float> settings;
  for (std::size_t i = 0; i < examples; ++i) {
    for (const auto& knob : space.free()) settings.push_back(full[knob.parameter]);
  }
  return settings;
}

// Named after the controller that it belongs to; has heard what it had heard before, and the controller's data.
Checkpoint learnt_encoder(const Hearing& hearing, const Checkpoint& before, const ControllerTrainingResult& result) {
  using Json = nlohmann::ordered_json;
  Checkpoint out = hearing.checkpoint(NumberType::f16);
  out.name = result.controller.name + "-encoder";
  out.program_version = program_version();
  out.seed = result.controller.seed;
  Json heard = Json::parse(result.heard);
  const Json old = Json::parse(before.metadata);
  if (old.contains("heard")) heard.insert(heard.end(), old["heard"].begin(), old["heard"].end());
  out.metadata = Json{{"began_as", before.name}, {"heard", std::move(heard)}}.dump();
  return parse_checkpoint(serialise(out), out.name);  // with its digest, as if it were a file
}

}  // namespace

ControllerTrainingResult train_controller(const std::vector<EffectListing>& chain, const Checkpoint& encoder_checkpoint,
                                          const ControllerTrainingOptions& options, RunFolder& run, EventFile& events,
                                          const Progress& progress, const std::stop_token& stop) {
  if (options.encoder_learns && options.bottleneck != nullptr) {
    throw Error(ErrorCode::invalid_argument,
                "cannot train the encoder behind a bottleneck: the bottleneck learnt with the encoder as it is");
  }
  if (options.encoder_learns) network_of(encoder_checkpoint);  // refused before anything is rendered
  const Encoder encoder(options.encoder_learns ? front_end_alone(encoder_checkpoint) : encoder_checkpoint);
  Rigs rigs(chain, options.renderer);
  const SettingsSpace space = space_of(rigs, options.pinned);
  const auto data = manifests_of(options.data, progress);
  const Material material = load_material(data, options, progress, stop);
  const KnownSettings known = make_both(material, rigs, space, encoder, options, progress, stop);
  RenderLossOptions plain = options.loss;
  plain.l1 = 0.0;
  const Judge judge(material.validation_clips, known.validation, rigs, space, plain, stop);

  std::optional<Network> compress;
  if (options.bottleneck != nullptr) {
    const auto need = dependency(*options.bottleneck, "encoder");
    if (!need || need->digest != encoder.digest()) {
      throw Error(ErrorCode::invalid_argument, fmt::format("bottleneck '{}' learnt with another encoder than '{}'",
                                                           options.bottleneck->name, encoder.name()));
    }
    compress.emplace(*options.bottleneck, "compress");
  }
  const Network* first = compress ? &*compress : nullptr;
  const torch::Tensor inputs = controller_inputs(known.train, first);
  const std::size_t heard = options.encoder_learns ? 2 * network_of(encoder_checkpoint)->dimensions()
                                                   : static_cast<std::size_t>(inputs.size(1));
  ControllerNetwork network = begin_network(chain, space, heard, encoder, options);
  Hearing hearing(network, options.encoder_learns ? &encoder_checkpoint : nullptr);
  const torch::Tensor first_heard = hearing.embed_all(inputs);
  if (options.from == nullptr) network.standardise(first_heard.mean(0), first_heard.std(0, false));
  const torch::Device device(options.device);
  hearing.module().to(device);
  const ControllerRoom room{network,
                            hearing,
                            material.clips,
                            known.train,
                            inputs,
                            known_settings(known.train),
                            controller_inputs(known.validation, first),
                            judge,
                            device};

  ControllerTrainingResult result;
  result.heard = heard_json(data);
  result.recordings = material.clips.size();
  result.examples = known.train.size();
  TrainerOptions stage = options.regression;
  if (options.from == nullptr || stage.steps > 0) {
    stage.stage = "regression";
    SettingsTrainee by_settings(room, options.regression_batch);
    result.regression = train(by_settings, stage, run, events, progress, stop);
    result.stopped = result.regression.stopped;
  }
  if (!result.stopped && options.finish.steps > 0) {
    stage = options.finish;
    stage.stage = "finish";
    stage.first_step = options.regression.steps;
    stage.validate_first = true;
    SoundTrainee by_sound(room, rigs, space, options);
    result.finish = train(by_sound, stage, run, events, progress, stop);
    result.without_gradient = by_sound.without_gradient();
    result.stopped = result.finish.stopped;
  }

  hearing.module().eval();
  result.controller = network.checkpoint(NumberType::f16);
  if (!result.stopped) {
    const std::vector<float> said = hedge_controller(result.controller, room.judged_predictions(), judge, progress);
    result.dry = judge.dry_loss();
    result.prediction = judge.mean_loss(said);
    result.mean_settings = judge.mean_loss(middle_settings(space, known.validation.size()));
    result.knobs = judge.knob_scores(said);
    if (options.forest_trees > 0) {
      const auto by_forest = forest_settings(known.train, known.validation, space, options.forest_trees,
                                             rigs.at(material.clips.front().rate()).workers(), options.seed);
      result.forest = judge.mean_loss(by_forest);
      result.forest_knobs = judge.knob_scores(by_forest);
    }
  }
  hearing.module().to(torch::kCPU);
  result.controller.name = model_name(chain);
  result.controller.program_version = program_version();
  result.controller.seed = options.seed;
  if (hearing.learns()) {
    result.encoder = learnt_encoder(hearing, encoder_checkpoint, result);
    result.controller.needs.push_back({"encoder", result.encoder->name, result.encoder->digest});
  } else {
    result.controller.needs.push_back({"encoder", encoder.name(), encoder.digest()});
  }
  if (options.bottleneck != nullptr) {
    result.controller.needs.push_back({"bottleneck", options.bottleneck->name, options.bottleneck->digest});
  }
  return result;
}

namespace {

// g and one head per effect, on the settings of all effects.
class BottleneckTrainee final : public Trainee, private torch::nn::Module {
 public:
  struct Task {
    std::unique_ptr<ControllerNetwork> head;
    torch::Tensor inputs, settings, validation_inputs, validation_settings;
  };
  BottleneckTrainee(BottleneckNetwork& g, std::vector<Task>& tasks, double beta, std::size_t batch)
      : g_(g), tasks_(tasks), beta_(beta), batch_(batch), device_(device_of(g.module())) {
    register_all();
  }

  torch::nn::Module& module() override { return *this; }

  StepReport step(const TrainingStep& at) override {
    StepReport report;
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      Rng rng = Rng::derive(at.seed, at.step, t);
      std::vector<std::int64_t> picked(batch_);
      for (auto& i : picked)
        i = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(tasks_[t].inputs.size(0))));
      const torch::Tensor which = torch::tensor(picked, torch::kLong);
      const auto code = g_.forward(tasks_[t].inputs.index_select(0, which).to(device_));
      const auto output = tasks_[t].head->forward(code.sample);
      const torch::Tensor known =
          tasks_[t].head->loss(output, tasks_[t].settings.index_select(0, which).to(device_)).mean();
      const torch::Tensor divergence = code.divergence.sum(1).mean();
      const torch::Tensor loss = (known + beta_ * divergence) / static_cast<double>(tasks_.size());
      loss.backward();
      report.loss += loss.item<double>();
      report.terms["divergence"] += divergence.item<double>() / static_cast<double>(tasks_.size());
    }
    return report;
  }

  // Without the divergence: the same measure for every beta.
  ValidationReport validate() override {
    ValidationReport report;
    torch::Tensor divergence = torch::zeros({static_cast<std::int64_t>(g_.dimensions())}, device_);
    for (auto& task : tasks_) {
      const auto code = g_.forward(task.validation_inputs.to(device_));
      const auto output = task.head->forward(code.mean);
      const double n = static_cast<double>(tasks_.size());
      report.value += (output.settings - task.validation_settings.to(device_)).abs().mean().item<double>() / n;
      divergence += code.divergence.mean(0) / n;
    }
    for (std::int64_t d = 0; d < divergence.size(0); ++d) {
      report.terms[fmt::format("divergence/{}", d)] = divergence[d].item<double>();
    }
    report.terms["active_dimensions"] = (divergence > 0.01).sum().item<double>();
    return report;
  }

 private:
  // Not owned: the networks outlive the trainee.
  static std::shared_ptr<torch::nn::Module> borrowed(torch::nn::Module& module) {
    return {std::shared_ptr<void>(), &module};
  }
  void register_all() {
    register_module("g", borrowed(g_.module()));
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      register_module(fmt::format("h{}", t), borrowed(tasks_[t].head->module()));
    }
  }

  BottleneckNetwork& g_;
  std::vector<Task>& tasks_;
  double beta_;
  std::size_t batch_;
  torch::Device device_;
};

}  // namespace

Checkpoint train_bottleneck(const std::vector<EffectListing>& effects, const Checkpoint& encoder_checkpoint,
                            const BottleneckTrainingOptions& options, RunFolder& run, EventFile& events,
                            const Progress& progress, const std::stop_token& stop) {
  const Encoder encoder(encoder_checkpoint);
  const auto data = manifests_of(options.each.data, progress);
  const Material material = load_material(data, options.each, progress, stop);
  std::vector<BottleneckTrainee::Task> tasks;
  std::vector<torch::Tensor> all;
  for (std::size_t e = 0; e < effects.size(); ++e) {
    Rigs rigs({effects[e]}, options.each.renderer);
    const SettingsSpace space = space_of(rigs, {});
    const KnownSettings known = make_both(material, rigs, space, encoder, options.each, progress, stop);
    tasks.push_back({std::make_unique<ControllerNetwork>(controlled_effects({effects[e]}, space, 0), options.dimensions,
                                                         PerceptronOptions{{64, 64}, 0.0}, options.each.seed + e),
                     controller_inputs(known.train, nullptr), known_settings(known.train),
                     controller_inputs(known.validation, nullptr), known_settings(known.validation)});
    all.push_back(tasks.back().inputs);
  }
  BottleneckNetwork g(2 * encoder.size(), options.dimensions, options.each.network, options.each.seed);
  const torch::Tensor inputs = torch::cat(all);
  g.standardise(inputs.mean(0), inputs.std(0, false));
  const torch::Device device(options.each.device);
  g.module().to(device);
  for (auto& task : tasks) task.head->module().to(device);
  BottleneckTrainee trainee(g, tasks, options.beta, options.each.regression_batch);
  TrainerOptions stage = options.each.regression;
  stage.stage = "bottleneck";
  const TrainingResult result = train(trainee, stage, run, events, progress, stop);
  if (result.stopped) throw Error(ErrorCode::cancelled, "stopped; --resume goes on");
  g.module().to(torch::kCPU);
  Checkpoint out = g.checkpoint(NumberType::f16);
  out.name = fmt::format("bottleneck-{}", options.dimensions);
  out.metadata = fmt::format("{{\"heard\":{}}}", heard_json(data));
  out.program_version = program_version();
  out.seed = options.each.seed;
  out.needs.push_back({"encoder", encoder.name(), encoder.digest()});
  return out;
}

}  // namespace soundalike
