#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "soundalike/checkpoint.hpp"

namespace torch::nn {
class Module;
}

namespace soundalike {

struct PerceptronOptions {
  /// Layers between input and output, each Linear, LayerNorm, LeakyReLU (slope 0.01). The original's controller:
  /// {128, 128, 64, 32}.
  std::vector<std::size_t> hidden = {256, 128, 64};
  double dropout = 0.1;  ///< share of each layer's outputs that a training step leaves out
  /// Networks of those layers beside one another, each from its own random start; the mean of their outputs is what is
  /// predicted (Lakshminarayanan et al. 2017). What they learnt by chance cancels, most where recordings are unlike
  /// those that were learnt from.
  std::size_t members = 1;
  /// Share of the inputs that a training step leaves out, so that no recording can be known again by a few of them.
  double input_dropout = 0.3;
  /// Inputs are two embeddings, and the network looks at reference minus input, then the reference: what an effect has
  /// done is then told from what is played before anything is learnt.
  bool pair = false;
};

/// What a controller says about a batch, before it becomes settings. The columns are the knobs of all effects in order.
struct ControllerOutput {
  at::Tensor settings;             ///< [n, knobs] within each knob's bounds; of categories: the middle of the likeliest
  at::Tensor log_variance;         ///< [n, knobs] of the settings; 0 for categories
  std::vector<at::Tensor> logits;  ///< [n, categories or parts] per knob; undefined for numbers without parts
};

/// The network that maps (input embedding, reference embedding) to settings, as it is while it learns; `Controller`
/// runs what it exports.
///
///   ControllerNetwork network(effects, 2 * encoder.size(), {}, seed);
///   network.standardise(embeddings);
///   ControllerOutput out = network.forward(embeddings);     // [n, inputs]
///   at::Tensor loss = network.loss(out, settings).mean();
///
/// All settings start in the middle of their bounds, or nearly so.
class ControllerNetwork {
 public:
  /// @param inputs two embeddings, or what a bottleneck makes of them. @param seed of the initial weights.
  ControllerNetwork(std::vector<ControlledEffect> effects, std::size_t inputs, const PerceptronOptions& options,
                    std::uint64_t seed);
  ~ControllerNetwork();
  ControllerNetwork(ControllerNetwork&&) noexcept;
  ControllerNetwork& operator=(ControllerNetwork&&) noexcept;

  torch::nn::Module& module();
  const std::vector<ControlledEffect>& effects() const;
  std::size_t knobs() const;
  std::size_t inputs() const;

  /// What the network looks at is brought to mean 0 and deviation 1 over these, [n, inputs], once and for all.
  /// Deviations under 1e-6 count as 1.
  void standardise(const at::Tensor& embeddings);

  ControllerOutput forward(const at::Tensor& embeddings);
  /// What every member says by itself, [members * n] rows, one member after the other: each is to learn alone.
  ControllerOutput each(const at::Tensor& embeddings);
  std::size_t members() const;

  /// [n]: how far predictions are from known settings [n, knobs]; the mean over the knobs that count.
  ///
  /// Numbers: the negative log-likelihood of a normal distribution with the predicted mean and variance, each example
  /// weighted by its standard deviation without gradient (beta-NLL with beta 0.5: Seitzer et al. 2022, eq. 5), so that
  /// what cannot be known does not hide what can. Categories: cross-entropy; parts of a number's range too, which can
  /// say that two places far from each other are likely where mean and variance can only say that all is.
  /// @param weights [knobs] of the means and categories; empty: 1 each. Spreads and parts are always learnt; where a
  /// weight is 0
  ///        the mean gets no gradient.
  at::Tensor loss(const ControllerOutput& output, const at::Tensor& settings,
                  std::span<const float> weights = {}) const;

  /// Block "predict". Name, needs, version, seed and metadata are the caller's.
  Checkpoint checkpoint(NumberType type = NumberType::f32) const;
  /// @throws Error invalid_argument for another network's.
  void load(const Checkpoint& from);
  /// That of a network whose checkpoint this is; what is left out while it learns is not stored, and is 0.
  static PerceptronOptions shape_of(const Checkpoint& from);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// g of the split design: both embeddings through a perceptron to a few numbers that say what was done to a recording,
/// learnt over many effects as the code of a beta-VAE (Higgins et al. 2017) and then left as it is. A small
/// ControllerNetwork per effect (h) learns what they mean for its knobs.
class BottleneckNetwork {
 public:
  /// @param dimensions of the code, 2 to 8.
  BottleneckNetwork(std::size_t inputs, std::size_t dimensions, const PerceptronOptions& options, std::uint64_t seed);
  ~BottleneckNetwork();
  BottleneckNetwork(BottleneckNetwork&&) noexcept;
  BottleneckNetwork& operator=(BottleneckNetwork&&) noexcept;

  torch::nn::Module& module();
  std::size_t dimensions() const;
  void standardise(const at::Tensor& embeddings);

  struct Code {
    at::Tensor mean;          ///< [n, dimensions]: what `Controller` uses
    at::Tensor log_variance;  ///< [n, dimensions]
    at::Tensor sample;        ///< the mean in evaluation mode
    at::Tensor divergence;    ///< [n, dimensions] Kullback-Leibler divergence from the standard normal
  };
  Code forward(const at::Tensor& embeddings);

  /// Kind "bottleneck", block "compress", which gives the mean.
  Checkpoint checkpoint(NumberType type = NumberType::f32) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
