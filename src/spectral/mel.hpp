#pragma once

#include <cmath>

namespace soundalike {

/// The mel scale of HTK.
inline double to_mel(double hz) { return 2595.0 * std::log10(1.0 + hz / 700.0); }
inline double from_mel(double mel) { return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0); }

/// Slaney's (Auditory Toolbox, 1998): linear below 1 kHz, logarithmic above.
inline constexpr double slaney_hz_per_mel = 200.0 / 3.0;  // below the corner
inline constexpr double slaney_corner_hz = 1000.0;
inline constexpr double slaney_corner_mel = slaney_corner_hz / slaney_hz_per_mel;
inline double slaney_log_step() { return std::log(6.4) / 27.0; }
inline double to_slaney(double hz) {
  return hz < slaney_corner_hz ? hz / slaney_hz_per_mel
                               : slaney_corner_mel + std::log(hz / slaney_corner_hz) / slaney_log_step();
}
inline double from_slaney(double mel) {
  return mel < slaney_corner_mel ? mel * slaney_hz_per_mel
                                 : slaney_corner_hz * std::exp((mel - slaney_corner_mel) * slaney_log_step());
}

}  // namespace soundalike
