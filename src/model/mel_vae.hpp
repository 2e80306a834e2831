#pragma once

#include <cstddef>
#include <string>

#include "model/variational.hpp"

namespace soundalike::model {

/// Sizes of the convolutional networks on the mel front end's 256 x 256.
struct MelSizes {
  std::size_t channels = 8;
  std::size_t residual = 8;
  std::size_t layers = 3;  ///< residual ones
};

/// [1, 256, 256] to [channels, 28, 28]: two convolutions with stride 3, one without, a residual stack.
Plan mel_trunk(const MelSizes& sizes);
/// [in, 28, 28] and back.
Plan mel_decoder(std::size_t in, const MelSizes& sizes);

/// 128 dimensions, 2 421 225 weights.
VariationalPlan mel_vae();
/// The same made to ship: 64 dimensions, and a bottleneck of half as many channels.
VariationalPlan mel_vae_small();
FrontEndChoice mel_choice();

}  // namespace soundalike::model
