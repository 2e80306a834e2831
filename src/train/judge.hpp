#pragma once

#include <torch/torch.h>

#include <span>
#include <vector>

#include "soundalike/controller_training.hpp"
#include "train/examples.hpp"
#include "train/render_loss.hpp"

namespace soundalike::training {

/// Settings in, distance out: renders predictions for known examples and compares them with renders of the truth.
class Judge {
 public:
  /// Renders the true targets once; those of clean examples are their inputs. Examples whose target does not render are
  /// left out.
  Judge(const std::vector<ClipPair>& clips, const Examples& examples, Rigs& rigs, const SettingsSpace& space,
        const RenderLoss& loss, const std::stop_token& stop);

  /// Which examples are judged.
  const std::vector<std::size_t>& judged() const { return judged_; }
  /// Mean loss of settings [examples x knobs] of the free knobs; a render that fails counts as doing nothing.
  /// @throws Error cancelled.
  double mean_loss(std::span<const float> settings) const;
  /// The same one by one, of judged(). @throws Error cancelled.
  std::vector<double> losses(std::span<const float> settings) const;
  /// Of the input itself.
  double dry_loss() const { return dry_; }
  /// [examples x knobs] against the truth, where it is known.
  std::vector<KnobScore> knob_scores(std::span<const float> settings) const;
  /// Sound of one example: input, reference's settings on the input, prediction.
  void log(EventFile& events, std::int64_t step, std::span<const float> settings, std::size_t count) const;

 private:
  AudioBuffer input_of(std::size_t example) const;
  std::vector<float> full(std::span<const float> free) const;

  const std::vector<ClipPair>& clips_;
  const Examples& examples_;
  Rigs& rigs_;
  const SettingsSpace& space_;
  const RenderLoss& loss_;
  std::stop_token stop_;
  std::vector<std::size_t> judged_;
  std::vector<AudioBuffer> targets_;  // of judged_
  std::vector<double> dry_losses_;    // of judged_
  double dry_ = 0.0;
};

/// Full settings [parameters] of values [knobs] of the free knobs.
std::vector<float> full_settings(const SettingsSpace& space, std::span<const float> free);

}  // namespace soundalike::training
