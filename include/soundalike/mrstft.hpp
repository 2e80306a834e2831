#pragma once

#include <span>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

struct MrstftOptions {
  struct Resolution {
    std::size_t fft_size, hop, window_size;
  };
  std::vector<Resolution> resolutions;
  double spectral_convergence = 0.0;  ///< weight
  double log_magnitude = 0.0;         ///< weight of mean |ln A - ln B|
  double linear_magnitude = 0.0;      ///< weight of mean |A - B|

  /// auraloss 0.4 MultiResolutionSTFTLoss() defaults (Yamamoto et al. 2020): FFT 1024/2048/512, hop 120/240/50,
  /// window 600/1200/240, spectral convergence 1, log magnitude 1.
  static MrstftOptions auraloss();
  /// The loss of "Style Transfer for Non-differentiable Audio Effects": FFT = window 32 ... 32768 in steps of 4, hop
  /// half, log magnitude 1, linear magnitude 1.
  static MrstftOptions original();
};

/// Multi-resolution STFT distance between two recordings of equal length and channels (mean over channels).
/// Spectral convergence divides by the norm of `target`, so the order matters.
/// @throws Error invalid_argument for other shapes or audio too short to mirror.
double mrstft(AudioView estimate, AudioView target, const MrstftOptions& options);

}  // namespace soundalike
