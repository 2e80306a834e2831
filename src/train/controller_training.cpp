#include "soundalike/controller_training.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cctype>
#include <nlohmann/json.hpp>

#include "soundalike/controller.hpp"
#include "soundalike/error.hpp"
#include "soundalike/heard.hpp"
#include "soundalike/network.hpp"
#include "soundalike/version.hpp"
#include "train/begin_network.hpp"
#include "train/controller_trainees.hpp"
#include "train/forest_baseline.hpp"
#include "train/hearing.hpp"
#include "train/hedging.hpp"
#include "train/inputs.hpp"
#include "train/material.hpp"

namespace soundalike {
namespace {

using namespace training;

constexpr std::int64_t standardised_over = 16384;  // examples: enough for means and deviations

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
  const RenderLoss loss(options.loss, options.encoder_learns ? nullptr : &encoder);
  const RenderLoss judged_by(options.judged_by);
  Rigs rigs(chain, options.renderer);
  const SettingsSpace space = space_of(rigs, options.pinned);
  const auto data = manifests_of(options.data, progress);
  const Material material = load_material(data, options, progress, stop);
  const KnownSettings known = make_both(material, rigs, space, encoder, options, progress, stop);
  const Judge judge(material.validation_clips, known.validation, rigs, space, judged_by, stop);

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
  const ControllerInputs inputs(known.train, first);
  const std::size_t heard = options.encoder_learns ? 2 * network_of(encoder_checkpoint)->dimensions()
                                                   : static_cast<std::size_t>(inputs.columns());
  ControllerNetwork network = begin_network(chain, space, heard, encoder, options);
  Hearing hearing(network, options.encoder_learns ? &encoder_checkpoint : nullptr);
  if (options.from == nullptr) network.standardise(hearing.embed_all(inputs.first(standardised_over)));
  const torch::Device device(options.device);
  hearing.module().to(device);
  const ControllerRoom room{network,
                            hearing,
                            material.clips,
                            known.train,
                            inputs,
                            known_settings(known.train),
                            ControllerInputs(known.validation, first).all(),
                            judge,
                            device};

  ControllerTrainingResult result;
  result.heard = heard_json(data);
  result.recordings = material.recordings;
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
    SoundTrainee by_sound(room, rigs, space, loss, options);
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

}  // namespace soundalike
