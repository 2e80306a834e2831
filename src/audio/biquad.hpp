#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace soundalike {

/// A second-order filter: H(z) = (b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2).
///
/// The designs are those of Bristow-Johnson's "Cookbook formulae for audio EQ biquad filter coefficients": analogue
/// prototypes through the bilinear transform, warped to be exact at the frequency given. Frequencies beyond 0.49 of the
/// sample rate are taken for that.
struct Biquad {
  double b0 = 1.0, b1 = 0.0, b2 = 0.0, a1 = 0.0, a2 = 0.0;

  /// H(s) = (s^2 + s A/Q + 1) / (s^2 + s/(A Q) + 1), A^2 the gain at the centre.
  static Biquad peak(double hz, double gain_db, double q, double rate) {
    const Angle w(hz, rate);
    const double a = std::pow(10.0, gain_db / 40.0);
    const double alpha = w.sine / (2.0 * q);
    return normalised(1.0 + alpha * a, -2.0 * w.cosine, 1.0 - alpha * a, 1.0 + alpha / a, -2.0 * w.cosine,
                      1.0 - alpha / a);
  }
  /// H(s) = A (s^2 + s sqrt(A)/Q + A) / (A s^2 + s sqrt(A)/Q + 1), A^2 the gain at 0 Hz, half of it (in dB) at `hz`.
  static Biquad low_shelf(double hz, double gain_db, double q, double rate) { return shelf(hz, gain_db, q, rate, 1.0); }
  /// H(s) = A (A s^2 + s sqrt(A)/Q + 1) / (s^2 + s sqrt(A)/Q + A), A^2 the gain at half the sample rate.
  static Biquad high_shelf(double hz, double gain_db, double q, double rate) {
    return shelf(hz, gain_db, q, rate, -1.0);
  }

 private:
  struct Angle {
    double cosine, sine;
    Angle(double hz, double rate) {
      const double w = 2.0 * std::numbers::pi * std::min(hz, 0.49 * rate) / rate;
      cosine = std::cos(w);
      sine = std::sin(w);
    }
  };
  static Biquad shelf(double hz, double gain_db, double q, double rate, double sign) {
    const Angle w(hz, rate);
    const double a = std::pow(10.0, gain_db / 40.0);
    const double c = sign * w.cosine;
    const double root = 2.0 * std::sqrt(a) * w.sine / (2.0 * q);
    return normalised(a * ((a + 1.0) - (a - 1.0) * c + root), sign * 2.0 * a * ((a - 1.0) - (a + 1.0) * c),
                      a * ((a + 1.0) - (a - 1.0) * c - root), (a + 1.0) + (a - 1.0) * c + root,
                      sign * -2.0 * ((a - 1.0) + (a + 1.0) * c), (a + 1.0) + (a - 1.0) * c - root);
  }
  static Biquad normalised(double b0, double b1, double b2, double a0, double a1, double a2) {
    return {b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
  }
};

/// What a biquad remembers of one channel; transposed direct form II.
struct BiquadState {
  double s1 = 0.0, s2 = 0.0;
  double operator()(const Biquad& f, double x) {
    const double y = f.b0 * x + s1;
    s1 = f.b1 * x - f.a1 * y + s2;
    s2 = f.b2 * x - f.a2 * y;
    return y;
  }
};

}  // namespace soundalike
