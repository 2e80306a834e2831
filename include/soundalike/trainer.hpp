#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <stop_token>
#include <string>

#include "soundalike/event_file.hpp"
#include "soundalike/progress.hpp"
#include "soundalike/run_folder.hpp"
#include "soundalike/schedule.hpp"

namespace torch::nn {
class Module;
}

namespace soundalike {

/// Where a training run is, as its trainee needs to know. Everything random follows from (seed, step): draw with
/// Rng::derive(seed, step, i), so that a resumed run sees what one run would have seen. torch's own generator is seeded
/// from them before each step.
struct TrainingStep {
  std::size_t step = 0;   ///< 0 ... steps - 1
  std::size_t steps = 1;  ///< of the whole run
  std::uint64_t seed = 0;
  std::stop_token stop{};
};

/// What one step found.
struct StepReport {
  double loss = 0.0;                      ///< of the batch
  std::map<std::string, double> terms{};  ///< what it is made of and whatever else belongs into curves, by name
  std::string broken{};                   ///< the first example whose own loss is not finite; empty: all are
};

/// What a validation found. Lower values are better.
struct ValidationReport {
  double value = 0.0;
  std::map<std::string, double> terms{};
};

/// Something that is trained: a network, its data and its loss.
///
///   class Regression final : public Trainee {
///     torch::nn::Module& module() override { return *network_; }
///     StepReport step(const TrainingStep& at) override {
///       auto [x, y] = batch(Rng::derive(at.seed, at.step));
///       auto loss = (network_->forward(x) - y).square().mean();
///       loss.backward();
///       return {loss.item<double>()};
///     }
///     ValidationReport validate() override { ... }
///   };
class Trainee {
 public:
  virtual ~Trainee() = default;
  /// The parameters that are learnt (those that require a gradient) and buffers that belong to them. The same object,
  /// with the same parameters, during a run.
  virtual torch::nn::Module& module() = 0;
  /// One batch: adds its gradients to the parameters, which are zero before. The module is in training mode.
  virtual StepReport step(const TrainingStep& at) = 0;
  /// Judges the weights now in the module (the averages, where weights are averaged), which is in evaluation mode and
  /// records no gradients. Must draw nothing at random that differs from call to call.
  /// @throws Error cancelled where a stop cuts it off: the run is stopped, and gone on with it comes first.
  virtual ValidationReport validate() = 0;
  /// Sounds, pictures and the like, called after each validation in the same state.
  virtual void log(EventFile& /*events*/, std::int64_t /*step*/) {}
};

struct TrainerOptions {
  /// Of runs that train in several stages: begins the names of curves and of the state, which is then
  /// checkpoints/<stage>.state. Empty: last.state.
  std::string stage{};
  std::size_t first_step = 0;   ///< added to the steps in curves: where the stage before ended
  bool validate_first = false;  ///< the weights it begins with may be the best
  std::size_t steps = 1000;
  std::uint64_t seed = 0;
  Schedule learning_rate{ScheduleKind::cosine, 1e-3, 1e-5, 0};
  double weight_decay = 0.0;           ///< AdamW's, decoupled; of weights, not of vectors (biases, normalisations)
  double clip_norm = 3.0;              ///< gradients longer than this are scaled to it; 0: never
  double average = 0.0;                ///< decay of the moving average of weights per step, 0.999 say; 0: no average
  std::size_t validate_every = 100;    ///< steps; the last step is validated too
  std::size_t patience = 0;            ///< stop after so many validations without a better one; 0: never
  std::size_t checkpoint_every = 500;  ///< steps between checkpoints to resume from
};

struct TrainingResult {
  std::size_t steps = 0;  ///< done, over all resumptions
  double best = std::numeric_limits<double>::infinity();
  std::size_t best_step = 0;
  bool stopped = false;  ///< by the user, before the end: resume goes on
  bool early = false;    ///< out of patience
};

/// Trains with AdamW (Loshchilov & Hutter 2019): schedules, gradient clipping, averaged weights, validation, early
/// stop. Leaves the module with the weights of the best validation.
///
///   RunFolder run = RunFolder::create("runs/drive", info);
///   EventFile events(run.path());
///   TrainingResult result = train(trainee, {.steps = 2000}, run, events, progress, stop);
///
/// Stopped and resumed in any place, a run ends with the same weights, bit for bit, as one that was not (with the same
/// number of torch threads): checkpoints/last.state holds weights, averages, the optimiser, the step and the best
/// weights. A folder that has one is resumed from it. Does not end the run: run.end() is the caller's.
///
/// @throws Error internal when the loss or a gradient is not finite, naming the step and the example: the weights of
/// the
///         last checkpoint stay; io on a full disk; what the trainee throws.
TrainingResult train(Trainee& trainee, const TrainerOptions& options, RunFolder& run, EventFile& events,
                     const Progress& progress = {}, const std::stop_token& stop = {});

/// The step that a run's folder would be resumed from, over all its stages; 0 for a new one. For EventFile.
std::size_t resumed_step(const RunFolder& run);

}  // namespace soundalike
