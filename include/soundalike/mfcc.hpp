#pragma once

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// How much of the dry sound's colour is left in the wet one: mel-frequency cepstra (Davis and Mermelstein, 1980) of
/// both compared frame by frame, mean cosine over the frames; 1 for equal audio. Below 0.75 the effect has turned
/// speech or music into something that training learns nothing from, noise most of all.
///
///   if (mfcc_similarity(dry, wet) < too_extreme_below) draw_other_settings();
///
/// 30 orthonormal coefficients of the dB power in 60 mel bands from 0 Hz to Nyquist, frames of 400 every 200, floor 80
/// dB under the loudest. Channels are averaged first. In [-1, 1].
/// @throws Error invalid_argument for different lengths or rates, or fewer than 400 frames.
double mfcc_similarity(AudioView dry, AudioView wet);

inline constexpr double too_extreme_below = 0.75;

}  // namespace soundalike
