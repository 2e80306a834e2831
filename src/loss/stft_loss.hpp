#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "soundalike/loss.hpp"
#include "soundalike/mrstft_options.hpp"
#include "soundalike/stft.hpp"

namespace soundalike {

/// How an STFT loss is computed.
enum class StftBackend {
  automatic,  ///< fused where it can be: single precision on the CPU, no gradient for the target
  torch,      ///< torch's operations and autograd: any device and type, the yardstick of the fused one
};

/// The mean over resolutions of FusedStft's three terms.
/// @param mel null, or filters for the only resolution's bins.
std::unique_ptr<Loss> make_stft_loss(std::string_view name, const MrstftOptions& options,
                                     std::shared_ptr<const MelFilterbank> mel = nullptr,
                                     StftBackend backend = StftBackend::automatic);

}  // namespace soundalike
