#pragma once

#include <torch/torch.h>

namespace soundalike::training {

/// Where a network's weights lie, so where its inputs must go.
inline torch::Device device_of(const torch::nn::Module& module) { return module.parameters().front().device(); }

}  // namespace soundalike::training
