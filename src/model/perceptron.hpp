#pragma once

#include <torch/torch.h>

#include <string>

#include "soundalike/checkpoint.hpp"
#include "soundalike/controller_network.hpp"

namespace soundalike::model {

/// Difference where inputs are a pair, standardise, (Linear, LayerNorm, LeakyReLU, dropout)..., Linear; of several
/// members the mean of such. Hidden weights start Xavier-normal, those of the last layer normal with deviation 0.01
/// around 0 (section 6.1 of the original: outputs start near 0).
class Perceptron : public torch::nn::Module {
 public:
  Perceptron(std::size_t inputs, std::size_t outputs, PerceptronOptions options, std::uint64_t seed);

  torch::Tensor forward(const torch::Tensor& x);
  /// Of each member, [n, outputs].
  std::vector<torch::Tensor> each(const torch::Tensor& x);
  void standardise(const torch::Tensor& inputs);
  std::size_t inputs() const { return inputs_; }
  std::size_t members() const { return members_.size(); }

  /// Adds the layers, of which the last gives the first `outputs` of its numbers only, and their tensors. Several
  /// members are parallel layers but for the last, which is one for all.
  void put(Checkpoint& into, const std::string& block, std::size_t outputs, NumberType type) const;
  /// Takes the tensors of a block that put() wrote with all outputs.
  void take(const Checkpoint& from);
  /// The shape that a block of put() has; dropout is not stored, and 0.
  static PerceptronOptions shape_of(const Checkpoint& from);

 private:
  struct Member {
    std::vector<torch::nn::Linear> linear;
    std::vector<torch::nn::LayerNorm> norm;
  };

  torch::Tensor look(const torch::Tensor& x) const;

  std::size_t inputs_;
  std::size_t outputs_;
  PerceptronOptions options_;
  torch::Tensor scale_, shift_;  // buffers [inputs]
  std::vector<Member> members_;
};

}  // namespace soundalike::model
