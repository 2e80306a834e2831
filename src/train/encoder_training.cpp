#include "soundalike/encoder_training.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "soundalike/corpus.hpp"
#include "soundalike/encoder_network.hpp"
#include "soundalike/error.hpp"
#include "soundalike/heard.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/version.hpp"
#include "train/encoder_trainee.hpp"
#include "train/episode_cache.hpp"

namespace soundalike {
namespace {

training::EpisodeOptions episodes_of(const EncoderTrainingOptions& options, const std::vector<Manifest>& data,
                                     Split split, bool distances) {
  training::EpisodeOptions out;
  out.files = files_of(data, split);
  if (out.files.empty()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot train encoder '{}': the folders hold no recordings of the {} split", options.model,
                            to_string(split)));
  }
  out.effects = options.effects;
  out.episodes = split == Split::train ? options.episodes : options.validation_episodes;
  out.effects_per_episode = options.effects_per_episode;
  out.settings = options.settings;
  out.recordings = distances ? 2 : 1;
  out.halves = distances ? 2 : 1;
  out.differences = distances;
  out.half_precision = !distances;
  out.seed = Rng::derive(options.trainer.seed, 0x706f6f6c, split == Split::train ? 0 : 1)();
  out.workers = options.workers;
  return out;
}

// How the weights that are kept did.
std::map<std::string, double> judge(Trainee& trainee) {
  const torch::NoGradGuard no_grad;
  trainee.module().eval();
  return trainee.validate().terms;
}

}  // namespace

EncoderTrainingResult train_encoder(const EncoderTrainingOptions& options, const std::string& about, RunFolder& run,
                                    EventFile& events, const Progress& progress, const std::stop_token& stop) {
  const EncoderKind& kind = find_encoder(options.model);
  const auto network = kind.make(options.trainer.seed);
  const bool distances = network->input_shape().size() == 1;
  const auto data = manifests_of(options.data, progress);
  const auto learnt_from = training::cached_episodes(options.cache, episodes_of(options, data, Split::train, distances),
                                                     kind.front_end(), progress, stop);
  const auto judged_on = training::cached_episodes(
      options.cache, episodes_of(options, data, Split::validation, distances), kind.front_end(), progress, stop);
  const training::EncoderTraineeOptions how{options.batch, options.batch_episodes, options.beta,
                                            distances ? "" : run.path() / "reconstruction.png"};
  network->module().to(torch::Device(options.device));
  const auto trainee = distances ? training::make_distance_trainee(*network, learnt_from, judged_on, how)
                                 : training::make_reconstruction_trainee(*network, learnt_from, judged_on, how);
  EncoderTrainingResult result;
  result.training = train(*trainee, options.trainer, run, events, progress, stop);

  if (result.training.stopped) return result;
  std::map<std::string, double> validation = judge(*trainee);
  network->module().to(torch::kCPU);
  Checkpoint checkpoint = network->checkpoint(options.half_precision ? NumberType::f16 : NumberType::f32);
  checkpoint.program_version = program_version();
  checkpoint.seed = options.trainer.seed;
  auto metadata = nlohmann::ordered_json::parse(about);
  metadata["heard"] = nlohmann::ordered_json::parse(heard_json(data));
  metadata["steps"] = result.training.steps;
  metadata["best_step"] = result.training.best_step;
  metadata["validation"] = {{"loss", result.training.best}};
  for (const auto& [name, value] : validation) {
    if (!name.starts_with("kl_dimension/")) metadata["validation"][name] = value;  // those stand in the curves
  }
  metadata["hours"] = std::round(run.seconds() / 3.6) / 1000.0;
  checkpoint.metadata = metadata.dump();
  result.checkpoint = run.checkpoint("best.salmodel");
  result.digest = write_checkpoint(result.checkpoint, checkpoint);
  return result;
}

std::vector<EffectListing> effects_named(const EffectLibrary& library, const std::vector<std::string>& names,
                                         const std::filesystem::path& file) {
  std::vector<EffectListing> out;
  for (const auto& name : names) out.push_back(library.find(name));
  if (file.empty()) return out;
  std::ifstream in(file);
  if (!in) throw Error(ErrorCode::not_found, fmt::format("cannot read effects from '{}': no such file", file.string()));
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string name;
    if (!(words >> name) || name[0] == '#') continue;
    try {
      out.push_back(library.find(name));
    } catch (const Error&) {
      continue;  // not installed here, or not usable
    }
  }
  return out;
}

}  // namespace soundalike
