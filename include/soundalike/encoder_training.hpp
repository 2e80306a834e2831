#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "soundalike/beta_schedule.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/event_file.hpp"
#include "soundalike/progress.hpp"
#include "soundalike/run_folder.hpp"
#include "soundalike/trainer.hpp"

namespace soundalike {

struct EncoderTrainingOptions {
  std::string model = "style-encoder";      ///< name in encoder_kinds()
  std::vector<std::filesystem::path> data;  ///< folders of recordings; their train and validation splits are used
  std::vector<EffectListing> effects;       ///< what the recordings are sent through
  std::size_t episodes = 200;               ///< of training: settings of a few effects on a few contents
  std::size_t validation_episodes = 24;     ///< on other recordings, over all effects
  std::size_t effects_per_episode = 4;
  std::size_t settings = 6;  ///< per effect and episode
  std::size_t batch = 16;    ///< images; for encoders that learn distances, examples are taken by episode
  std::size_t batch_episodes = 6;
  BetaSchedule beta{};  ///< of VAEs; validated at beta.high
  TrainerOptions trainer{};
  std::filesystem::path cache{};  ///< folder that keeps rendered examples; empty: nothing is kept
  std::size_t workers = 0;        ///< render workers, 0: one per core
  bool half_precision = true;     ///< store the weights in 16 bits
  std::string device = "cpu";     ///< for torch
};

struct EncoderTrainingResult {
  TrainingResult training;
  std::filesystem::path checkpoint;  ///< checkpoints/best.salmodel of the run; empty when it was stopped
  std::string digest;
};

/// Trains an encoder: renders examples once, then learns from them. Writes checkpoints/best.salmodel, and the picture
/// reconstruction.png for encoders that have a decoder.
///
/// The same options and seed give the same weights, with any number of render workers.
/// @param about a JSON object for the checkpoint's metadata: what it was made of and how.
/// @throws Error invalid_argument for an unknown model, no recordings or effects; as train(); cancelled when stopped
///         before the first step.
EncoderTrainingResult train_encoder(const EncoderTrainingOptions& options, const std::string& about, RunFolder& run,
                                    EventFile& events, const Progress& progress = {}, const std::stop_token& stop = {});

/// Effects by name, or by a file with one per line ("<uri> [anything]", # starts a comment). An installed effect that
/// cannot be used is left out when it comes from a file, and an error when it was named.
/// @throws Error not_found, unsupported.
std::vector<EffectListing> effects_named(const EffectLibrary& library, const std::vector<std::string>& names,
                                         const std::filesystem::path& file = {});

}  // namespace soundalike
