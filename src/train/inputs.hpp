#pragma once

#include <torch/torch.h>

#include <optional>

#include "soundalike/checkpoint.hpp"
#include "soundalike/network.hpp"
#include "train/examples.hpp"

namespace soundalike::training {

/// [n, 2 x embedding] what a controller takes of each example; [n, code] when a bottleneck comes first.
torch::Tensor controller_inputs(const Examples& examples, const Network* compress);
/// [n, knobs]
torch::Tensor known_settings(const Examples& examples);

}  // namespace soundalike::training
