#pragma once

#include <ATen/core/Tensor.h>

#include "soundalike/mrstft_options.hpp"
#include "soundalike/stft.hpp"

namespace soundalike {

/// What FusedStft computes, through torch's operations: [batch, frames] each -> [batch].
/// @param mel [bands, bins], or undefined: the bins themselves are compared.
at::Tensor torch_stft_loss(const at::Tensor& estimate, const at::Tensor& target, const MrstftOptions& options,
                           const at::Tensor& mel);

/// The filters as a matrix for the only resolution of `options`: [bands, bins].
at::Tensor mel_matrix(const MelFilterbank& mel, const MrstftOptions& options);

}  // namespace soundalike
