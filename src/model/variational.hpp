#pragma once

#include <memory>
#include <string>

#include "model/plan.hpp"
#include "soundalike/encoder_network.hpp"

namespace soundalike::model {

/// The parts of a beta-VAE (Kingma & Welling 2014; Higgins et al. 2017).
struct VariationalPlan {
  Plan trunk;   ///< image to hidden vector
  Plan mean;    ///< hidden vector to the mean of the latent: the embedding
  Plan spread;  ///< hidden vector to the logarithm of its variance
  Plan decode;  ///< latent to image
  std::size_t parameters() const;
};

/// Loss: mean squared error over all numbers + beta * KL, the mean over the batch of the sum over dimensions. The KL
/// term pulls towards a standard normal distribution.
std::unique_ptr<EncoderNetwork> make_variational(std::string_view name, FrontEndChoice front_end,
                                                 const VariationalPlan& plan, std::uint64_t seed);

}  // namespace soundalike::model
