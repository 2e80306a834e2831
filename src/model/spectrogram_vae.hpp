#pragma once

#include <cstddef>
#include <span>

#include "model/variational.hpp"

namespace soundalike::model {

/// A beta-VAE of 3 x 3 convolutions with stride 2: one per entry of `channels`, mirrored in the decoder. Each side of
/// the image must be a multiple of 2^count plus 1, so that halving is undone exactly.
VariationalPlan halving_vae(const Shape& input, std::span<const std::size_t> channels, std::size_t dimensions);

/// One channel, the linear front end, 128 dimensions, 14 334 305 weights; seen with both input and reference by the
/// same network (Siamese).
VariationalPlan spectrogram_vae();
/// The same made to ship: 64 dimensions, seven convolutions.
VariationalPlan spectrogram_vae_small();
FrontEndChoice spectrogram_front_end();

/// Dry and wet spectrogram as two channels (STFT 4096/4096/2048), 2048 dimensions, 126 867 570 weights: an embedding
/// of what was done to the dry one.
VariationalPlan joint_vae();
VariationalPlan joint_vae_small();
FrontEndChoice joint_front_end();

/// One second at 8 kHz, 65 x 257, 32 dimensions: for single words, of which there is little to say twice. See
/// examples/digits.
VariationalPlan digits_vae();
FrontEndChoice digits_front_end();

}  // namespace soundalike::model
