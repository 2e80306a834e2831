#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace soundalike {

/// State-variable filter (Chamberlin), stable below a sixth of the rate, where it stays; may be moved at every sample.
class StateVariable {
 public:
  /// @param damping 1 / Q. @return what lies below `hz`.
  double low(double x, double hz, double damping, double rate) {
    const double f = 2.0 * std::sin(std::numbers::pi * std::min(hz, rate / 6.5) / rate);
    low_ += f * band_;
    band_ += f * (x - low_ - damping * band_);
    return low_;
  }
  /// @return what lies around `hz`, about as loud as it is there.
  double band(double x, double hz, double damping, double rate) {
    low(x, hz, damping, rate);
    return damping * band_;
  }

 private:
  double low_ = 0.0, band_ = 0.0;
};

}  // namespace soundalike
