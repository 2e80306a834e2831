#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "soundalike/checkpoint.hpp"

namespace soundalike::model {

using Shape = std::vector<std::size_t>;

/// A tensor that a network needs, before it has values.
struct TensorPlan {
  std::string name;  ///< "conv1.weight"
  Shape shape;
  double spread = 0.0;  ///< starts uniform in [-spread, spread] ...
  double value = 0.0;   ///< ... around this
  bool learnt = true;   ///< false: a buffer (running statistics, a codebook, a fixed pooling)
};

/// Square kernels and strides.
struct Kernel {
  std::size_t size = 3;
  std::size_t stride = 1;
  std::size_t padding = 0;
  std::size_t output_padding = 0;  ///< of a transposed convolution
};

/// A network as a list of layers, with the shapes worked out while it is written down.
///
///   Plan plan({1, 129, 2049});
///   plan.conv("conv1", 8, {3, 2, 1}).relu().batch_norm("norm1").flatten().linear("mean", 128);
///   plan.block();    // the layers, as a checkpoint stores them
///   plan.tensors();  // what has to be learnt
///
/// Weights start as torch's do: uniform within 1 / sqrt(inputs of one output).
class Plan {
 public:
  explicit Plan(Shape input);

  Plan& conv(const std::string& name, std::size_t channels, const Kernel& kernel, bool bias = true);
  Plan& conv_transpose(const std::string& name, std::size_t channels, const Kernel& kernel);
  /// @param share of the usual spread of its weights at the start.
  Plan& linear(const std::string& name, std::size_t outputs, double share = 1.0);
  /// The same with weights that are given, not learnt: see BlockNetwork::tensor().
  Plan& fixed_linear(const std::string& name, std::size_t outputs);
  Plan& batch_norm(const std::string& name);
  Plan& layer_norm(const std::string& name);
  Plan& relu() { return add({.kind = "relu"}); }
  Plan& silu() { return add({.kind = "silu"}); }
  Plan& flatten();
  Plan& reshape(const Shape& shape);
  /// Each position to its nearest of `codes` vectors of as many numbers as there are channels.
  Plan& quantise(const std::string& name, std::size_t codes);
  /// [C, time, F] to [C, 1, F]: the mean over time, as a convolution with fixed weights.
  Plan& mean_over_time(const std::string& name);
  /// x + inside(x)
  Plan& residual(const std::function<void(Plan&)>& inside);
  /// The layers of another plan, whose input is this one's output.
  Plan& then(const Plan& next);

  const Shape& shape() const { return shape_; }
  const Block& block() const { return block_; }
  const std::vector<TensorPlan>& tensors() const { return tensors_; }
  /// Numbers to learn.
  std::size_t parameters() const;

 private:
  Plan& add(Layer layer);
  Plan& change(Layer layer, Shape output);

  Block block_;
  Shape shape_;
  std::vector<TensorPlan> tensors_;
};

}  // namespace soundalike::model
