#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "soundalike/mrstft_options.hpp"
#include "soundalike/stft.hpp"

namespace soundalike {

/// One resolution of a multi-resolution STFT loss with its own backward pass: two transforms forward, one back.
///
/// With A the estimate's floored magnitudes and B the target's, n of each, the loss is
///   w_sc |A - B| / |B| + w_log mean |ln A - ln B| + w_lin mean |A - B|
/// whose slope in A is
///   w_sc (A - B) / (|A - B| |B|) + (w_log / A + w_lin) sign(A - B) / n
/// and A follows its spectrum X by X / A, or not at all where it is floored. A mel filter bank may stand between the
/// magnitudes and the comparison. Safe from many threads.
class FusedStft {
 public:
  struct Weights {
    double spectral_convergence, log_magnitude, linear_magnitude;
  };
  /// @param mel null: the bins themselves are compared.
  FusedStft(const MrstftOptions::Resolution& resolution, const Weights& weights,
            std::shared_ptr<const MelFilterbank> mel = nullptr);

  /// The loss of one example. Adds its gradient to `gradient` [frames], unless that is empty.
  double operator()(std::span<const float> estimate, std::span<const float> target, std::span<float> gradient) const;

 private:
  MrstftOptions::Resolution resolution_;
  Weights weights_;
  std::shared_ptr<const MelFilterbank> mel_;
};

}  // namespace soundalike
