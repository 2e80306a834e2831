#pragma once

#include <torch/torch.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/plan.hpp"
#include "soundalike/rng.hpp"

namespace soundalike::model {

/// A plan that torch can run and learn: the layers of a checkpoint, with the same meaning as in infer's Network.
///
/// Tensors are parameters or buffers of the module, by the plan's names. Batch normalisation uses the batch in training
/// mode and the running statistics in evaluation mode.
class BlockNetwork : public torch::nn::Module {
 public:
  BlockNetwork(Plan plan, Rng& rng);

  /// [n, ...] for an input shape of [...].
  at::Tensor forward(const at::Tensor& input);
  const Plan& plan() const { return plan_; }
  /// The tensor of that name in the plan. @throws Error internal for another.
  const at::Tensor& tensor(const std::string& name) const;

 private:
  at::Tensor run(const std::vector<Layer>& layers, at::Tensor x);
  at::Tensor run(const Layer& layer, const at::Tensor& x);
  at::Tensor find(const Layer& layer, const char* name) const;

  Plan plan_;
  std::map<std::string, at::Tensor> tensors_;
};

/// A tensor as a checkpoint stores it.
StoredTensor stored(const at::Tensor& tensor, NumberType type);
/// Copies the numbers of checkpoint tensor `name` into `into`.
/// @throws Error invalid_argument naming the checkpoint when it is missing or has another shape.
void load_tensor(const at::Tensor& into, const Checkpoint& from, const std::string& name);

}  // namespace soundalike::model
