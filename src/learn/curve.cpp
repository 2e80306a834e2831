#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "learn/attraction.hpp"

namespace soundalike::learn {
namespace {

constexpr std::size_t samples = 300;  // over three spreads

}  // namespace

Curve fit_curve(double minimum_distance, double spread) {
  Curve curve;
  double damping = 1e-3, before = std::numeric_limits<double>::infinity();
  Curve best = curve;
  for (int step = 0; step < 500; ++step) {  // Levenberg and Marquardt
    double error = 0.0;
    std::array<double, 3> hessian{};  // aa, ab, bb
    std::array<double, 2> gradient{};
    for (std::size_t i = 1; i < samples; ++i) {
      const double x = 3.0 * spread * static_cast<double>(i) / static_cast<double>(samples - 1);
      const double wanted = x < minimum_distance ? 1.0 : std::exp(-(x - minimum_distance) / spread);
      const double power = std::pow(x, 2.0 * curve.b), value = 1.0 / (1.0 + curve.a * power);
      const double by_a = -power * value * value, by_b = -curve.a * power * 2.0 * std::log(x) * value * value;
      const double residual = value - wanted;
      error += residual * residual;
      hessian[0] += by_a * by_a;
      hessian[1] += by_a * by_b;
      hessian[2] += by_b * by_b;
      gradient[0] += by_a * residual;
      gradient[1] += by_b * residual;
    }
    if (error <= before) {
      const bool done = before - error < 1e-14;
      best = curve;
      before = error;
      damping *= 0.3;
      if (done) break;
    } else {
      damping *= 10.0;
      curve = best;
      if (damping > 1e12) break;
      continue;
    }
    const double aa = hessian[0] * (1.0 + damping), bb = hessian[2] * (1.0 + damping), ab = hessian[1];
    const double determinant = aa * bb - ab * ab;
    curve.a -= (bb * gradient[0] - ab * gradient[1]) / determinant;
    curve.b -= (aa * gradient[1] - ab * gradient[0]) / determinant;
  }
  return best;
}

}  // namespace soundalike::learn
