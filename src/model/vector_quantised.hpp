#pragma once

#include <memory>

#include "model/plan.hpp"
#include "soundalike/encoder_network.hpp"

namespace soundalike::model {

/// The parts of a VQ-VAE (van den Oord et al. 2017).
struct QuantisedPlan {
  Plan trunk;     ///< image to [C, time, frequency]
  Plan quantise;  ///< each position to its nearest code
  Plan pool;      ///< codes to the embedding: their mean over time, by frequency and channel
  Plan decode;    ///< codes to image
  std::size_t parameters() const;
};

/// On the mel front end: hidden 64, residual 16, 3 layers, 4096 codes of 2 numbers; 166 403 weights; embedding 56.
QuantisedPlan vq_vae();
/// Half as wide, 512 codes.
QuantisedPlan vq_vae_small();

/// Loss: mean squared error + 0.25 * commitment, straight-through gradient, codebook by moving averages.
std::unique_ptr<EncoderNetwork> make_quantised(std::string_view name, FrontEndChoice front_end,
                                               const QuantisedPlan& plan, std::uint64_t seed);

}  // namespace soundalike::model
