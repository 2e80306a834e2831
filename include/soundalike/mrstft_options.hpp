#pragma once

#include <cstddef>
#include <vector>

namespace soundalike {

/// What a multi-resolution STFT distance is made of: per resolution the weighted sum of three terms, then the mean over
/// resolutions. Magnitudes have their power floored at 1e-8; frames are centred, the ends mirrored, the window Hann.
struct MrstftOptions {
  struct Resolution {
    std::size_t fft_size, hop, window_size;
  };
  std::vector<Resolution> resolutions;
  double spectral_convergence = 0.0;  ///< weight of ||A - B|| / ||B||, Frobenius norms over channels, frames and bins
  double log_magnitude = 0.0;         ///< weight of mean |ln A - ln B|
  double linear_magnitude = 0.0;      ///< weight of mean |A - B|
  static constexpr float power_floor = 1e-8f;

  /// auraloss 0.4 MultiResolutionSTFTLoss() defaults (Yamamoto et al. 2020): FFT 1024/2048/512, hop 120/240/50,
  /// window 600/1200/240, spectral convergence 1, log magnitude 1.
  static MrstftOptions auraloss();
  /// The loss of "Style Transfer for Non-differentiable Audio Effects": FFT = window 32 ... 32768 in steps of 4, hop
  /// half, log magnitude 1, linear magnitude 1.
  static MrstftOptions original();
  /// The terms of auraloss() on windows from 128 to 8192, a quarter apart.
  static MrstftOptions wide();
};

}  // namespace soundalike
