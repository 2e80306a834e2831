#pragma once

#include <memory>

#include "soundalike/loss.hpp"

namespace soundalike {

/// Mean |estimate - target|.
std::unique_ptr<Loss> make_l1();
/// Negative scale-invariant signal-to-distortion ratio in dB of signals without their means (Le Roux et al. 2019), from
/// about -80 for equals to 80 for silence: what is below 1e-8 counts as nothing.
std::unique_ptr<Loss> make_si_sdr();
/// Energy of the difference over that of the target (Wright et al. 2019), both through 1 - 0.85 / z.
std::unique_ptr<Loss> make_esr();

/// `inner` of the estimate at the target's RMS level.
std::unique_ptr<Loss> make_matched(std::unique_ptr<Loss> inner);

}  // namespace soundalike
