#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "soundalike/beta_schedule.hpp"
#include "soundalike/encoder_network.hpp"
#include "soundalike/trainer.hpp"
#include "train/encoder_episodes.hpp"

namespace soundalike::training {

struct EncoderTraineeOptions {
  std::size_t batch = 16;          ///< examples, where they are drawn one by one
  std::size_t batch_episodes = 6;  ///< where they are drawn by episode
  BetaSchedule beta{};
  std::filesystem::path picture{};  ///< where reconstructions are drawn; empty: nowhere
};

/// Learns the distances between the settings of an episode.
std::unique_ptr<Trainee> make_distance_trainee(EncoderNetwork& network, const std::vector<Episode>& training,
                                               const std::vector<Episode>& validation,
                                               const EncoderTraineeOptions& options);
/// Learns to say its input again. Input of two channels is the dry clip and what was made of it.
std::unique_ptr<Trainee> make_reconstruction_trainee(EncoderNetwork& network, const std::vector<Episode>& training,
                                                     const std::vector<Episode>& validation,
                                                     const EncoderTraineeOptions& options);

/// How often an embedding of settings on one half is nearer to that of the same settings on the other half than to
/// that of others that differ by more than 1 dB, over all such triplets of a recording; NaN for none.
double told_apart(EncoderNetwork& network, const std::vector<Episode>& episodes);

}  // namespace soundalike::training
