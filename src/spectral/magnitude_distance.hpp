#pragma once

#include <cstddef>

namespace soundalike {

/// Sums over pairs of magnitudes, from which every term of an STFT distance follows.
struct MagnitudeDistance {
  double squared_difference = 0.0;
  double squared_target = 0.0;
  double log_difference = 0.0;
  double difference = 0.0;
  std::size_t count = 0;

  /// Adds n pairs. Magnitudes must be positive normal numbers; equal ones add exactly nothing.
  void add(const float* estimate, const float* target, std::size_t n);
};

}  // namespace soundalike
