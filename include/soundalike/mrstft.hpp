#pragma once

#include <cstddef>
#include <vector>

#include "soundalike/audio_buffer.hpp"

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

  /// auraloss 0.4 MultiResolutionSTFTLoss() defaults (Yamamoto et al. 2020): FFT 1024/2048/512, hop 120/240/50,
  /// window 600/1200/240, spectral convergence 1, log magnitude 1.
  static MrstftOptions auraloss();
  /// The loss of "Style Transfer for Non-differentiable Audio Effects": FFT = window 32 ... 32768 in steps of 4, hop
  /// half, log magnitude 1, linear magnitude 1.
  static MrstftOptions original();
};

/// Distance of many estimates to one target whose spectra are made once: half the work of mrstft() for each.
///
///   const Mrstft metric(target, MrstftOptions::auraloss());
///   for (const AudioBuffer& candidate : candidates) costs.push_back(metric.distance(candidate));
///
/// Holds 4 bytes per magnitude of the target: 56 per sample for auraloss(), 26 for original(). Safe from many threads.
class Mrstft {
 public:
  /// @throws Error invalid_argument for audio too short to mirror (the largest FFT / 2 + 1 frames) or no resolutions.
  Mrstft(AudioView target, MrstftOptions options);
  /// >= 0, exactly 0 for the target itself, finite for silence.
  /// @throws Error invalid_argument unless the estimate has the target's channels, frames and sample rate.
  double distance(AudioView estimate) const;

 private:
  MrstftOptions options_;
  std::size_t channels_ = 0;
  std::size_t frames_ = 0;
  SampleRate rate_;
  std::vector<std::vector<float>> magnitudes_;  // per resolution: [channels x frames x bins]
};

/// The same number for one pair, in memory that does not grow with the recordings.
/// Spectral convergence divides by the norm of `target`, so the order matters.
double mrstft(AudioView estimate, AudioView target, const MrstftOptions& options);

}  // namespace soundalike
