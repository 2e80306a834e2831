#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/mrstft_options.hpp"

namespace soundalike {

/// Distance of many estimates to one target whose spectra are made once: half the work of mrstft() of each pair.
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

/// The same numbers, one per estimate, in memory that does not grow with the recordings: where all estimates are at
/// hand, the target's spectra need not be kept. Spectral convergence divides by the norm of `target`, so the order
/// matters.
/// @throws Error invalid_argument as Mrstft.
std::vector<double> mrstft(std::span<const AudioView> estimates, AudioView target, const MrstftOptions& options);
double mrstft(AudioView estimate, AudioView target, const MrstftOptions& options);

}  // namespace soundalike
