#pragma once

#include "soundalike/controller_training.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/settings_space.hpp"

namespace soundalike::training {

/// The network of a controller as training begins: of random weights, or that of options.from, with its shape.
/// @param inputs numbers that it takes. @throws Error invalid_argument where options.from is for other knobs, or learnt
/// with another encoder.
ControllerNetwork begin_network(const std::vector<EffectListing>& chain, const SettingsSpace& space, std::size_t inputs,
                                const Encoder& encoder, const ControllerTrainingOptions& options);

}  // namespace soundalike::training
