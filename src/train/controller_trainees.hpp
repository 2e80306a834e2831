#pragma once

#include <torch/torch.h>

#include <map>
#include <memory>
#include <vector>

#include "soundalike/controller.hpp"
#include "soundalike/controller_network.hpp"
#include "soundalike/controller_training.hpp"
#include "soundalike/gradient.hpp"
#include "soundalike/trainer.hpp"
#include "train/examples.hpp"
#include "train/hearing.hpp"
#include "train/hedging.hpp"
#include "train/inputs.hpp"
#include "train/judge.hpp"

namespace soundalike::training {

/// What both stages of a controller share: the network, its inputs and truths, and the judge.
struct ControllerRoom {
  ControllerNetwork& network;
  Hearing& hearing;
  const std::vector<ClipPair>& clips;
  const Examples& examples;  // train split
  const ControllerInputs& inputs;
  torch::Tensor settings;      // [those that are known, knobs]
  torch::Tensor judge_inputs;  // [validation examples, what hearing takes]
  const Judge& judge;
  torch::Device device;

  /// [validation examples x knobs] as the network predicts now.
  std::vector<KnobPrediction> judged_predictions() const;
  MeansOrGuesses judged() const;
  ValidationReport report(const MeansOrGuesses& judged) const;
  /// n of the first `among` examples for a step, the same for the same (seed, step).
  std::vector<std::int64_t> draw(std::uint64_t seed, std::size_t step, std::size_t n, std::size_t among) const;
  /// [picked, what hearing takes] and [picked, knobs], on the device.
  torch::Tensor inputs_of(const std::vector<std::int64_t>& picked) const;
  torch::Tensor settings_of(const std::vector<std::int64_t>& picked) const;
  const ClipPair& clip_of(std::int64_t example) const;
  std::string name(std::int64_t example) const;
};

/// First stage: settings are known, so learn them.
class SettingsTrainee final : public Trainee {
 public:
  SettingsTrainee(const ControllerRoom& room, std::size_t batch) : room_(room), batch_(batch) {}
  torch::nn::Module& module() override { return room_.hearing.module(); }
  StepReport step(const TrainingStep& at) override;
  ValidationReport validate() override { return room_.report(room_.judged()); }

 private:
  const ControllerRoom& room_;
  std::size_t batch_;
};

/// Second stage: what do the predictions sound like? Each step renders, in one go, the target of every example and all
/// perturbations of its prediction, and compares those of an example as soon as they are there.
class SoundTrainee final : public Trainee {
 public:
  SoundTrainee(const ControllerRoom& room, Rigs& rigs, const SettingsSpace& space, const RenderLoss& loss,
               const ControllerTrainingOptions& options);
  torch::nn::Module& module() override { return room_.hearing.module(); }
  StepReport step(const TrainingStep& at) override;
  ValidationReport validate() override { return room_.report(judged_ = room_.judged()); }
  void log(EventFile& events, std::int64_t step) override;
  /// Examples so far that a failed render left without a gradient.
  std::size_t without_gradient() const { return without_gradient_; }

 private:
  std::unique_ptr<GradientEstimator> estimator(const TrainingStep& at) const;
  /// Renders of the probes, and of the targets in front of those of their example; costs as estimate_gradients() wants
  /// them.
  void compare(std::span<const std::int64_t> picked, std::span<const GradientProbe> probes, std::span<double> costs,
               const std::stop_token& stop);
  RenderJob job(std::int64_t example, std::span<const float> free) const;

  const ControllerRoom& room_;
  Rigs& rigs_;
  const SettingsSpace& space_;
  const RenderLoss& loss_;
  const ControllerTrainingOptions& options_;
  std::vector<bool> moves_;              // per free knob
  std::vector<double> knob_steps_;       // per free knob, from the profile
  MeansOrGuesses judged_;                // by the last validation
  std::vector<float> settings_weights_;  // of the regression loss
  std::size_t without_gradient_ = 0;
};

}  // namespace soundalike::training
