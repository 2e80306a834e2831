#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace soundalike::training {

/// AdamW (Kingma & Ba 2015, algorithm 1; Loshchilov & Hutter 2019, algorithm 2, decoupled decay). Own, because its
/// state must be stored in a file that holds numbers only, for any version of torch.
class Adam {
 public:
  /// @param parameters learnt in place; shared with the module.
  explicit Adam(std::vector<torch::Tensor> parameters);

  void step(double learning_rate, double weight_decay);

  std::int64_t steps = 0;              // taken
  std::vector<torch::Tensor> mean;     // per parameter
  std::vector<torch::Tensor> squares;  // per parameter

 private:
  std::vector<torch::Tensor> parameters_;
};

}  // namespace soundalike::training
