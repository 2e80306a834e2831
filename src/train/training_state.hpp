#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "train/adam.hpp"

namespace soundalike::training {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// Everything a run goes on from: what is learnt, how it is learnt, how far it is and what was best.
struct TrainingState {
  TrainingState(torch::nn::Module& module, bool averaged);

  NamedTensors parameters;              // shared with the module
  NamedTensors buffers;                 // shared with the module
  std::vector<torch::Tensor> averages;  // per parameter; empty: not averaged
  std::vector<torch::Tensor> best;      // per parameter, then per buffer; empty: nothing was validated
  Adam adam;
  std::size_t step = 0;  // the next
  double best_value = std::numeric_limits<double>::infinity();
  std::size_t best_step = 0;
  std::size_t since_best = 0;  // validations
  bool unjudged = false;       // a stop cut off the validation after the last step: it comes first

  /// Running statistics change while a step computes: what they were, to take a step back.
  std::vector<torch::Tensor> copy_of_buffers() const;
  void restore_buffers(const std::vector<torch::Tensor>& copy);
  /// Moves the averages towards the weights by 1 - decay; faster in the first steps.
  void average(double decay);
  /// Exchanges weights and averages, and back; nothing when not averaged.
  void swap_averages();
  /// Remembers the module's weights as the best.
  void keep_best();
  /// Puts the best weights into the module; nothing when there are none.
  void restore_best();

  /// Written aside and renamed. @throws Error io.
  void write(const std::filesystem::path& path, std::uint64_t seed) const;
  /// @throws Error not_found, io, invalid_argument for the state of another network or seed.
  void read(const std::filesystem::path& path, std::uint64_t seed);
};

}  // namespace soundalike::training
