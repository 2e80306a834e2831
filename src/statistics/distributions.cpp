#include "statistics/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace soundalike {
namespace {

constexpr double enough = 1e-15;
constexpr double tiny = 1e-300;  // keeps a continued fraction away from dividing by 0
constexpr int most_terms = 100000;

// P(a, x), the lower regularised incomplete gamma function, by its series: for x < a + 1 (Abramowitz & Stegun 6.5.29).
double gamma_series(double a, double x) {
  double term = 1.0 / a;
  double sum = term;
  for (int n = 1; n < most_terms && term > enough * sum; ++n) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * std::exp(a * std::log(x) - x - std::lgamma(a));
}

// Lentz's way to a continued fraction 1 / (1 + a1 / (1 + a2 / (...))) whose terms come from `next`.
class Fraction {
 public:
  // The value so far is 1 / b, the ratio of numerators c.
  Fraction(double b, double c) : c_(c), d_(1.0 / (std::fabs(b) < tiny ? tiny : b)), value_(d_) {}
  // @return false once a further term changes nothing.
  bool add(double a, double b) {
    d_ = b + a * d_;
    c_ = b + a / c_;
    d_ = 1.0 / (std::fabs(d_) < tiny ? tiny : d_);
    if (std::fabs(c_) < tiny) c_ = tiny;
    value_ *= c_ * d_;
    return std::fabs(c_ * d_ - 1.0) > enough;
  }
  double value() const { return value_; }

 private:
  double c_, d_, value_;
};

// Q(a, x), the upper one, for x >= a + 1 (Abramowitz & Stegun 6.5.31).
double gamma_fraction(double a, double x) {
  Fraction fraction(x + 1.0 - a, 1.0 / tiny);
  for (int n = 1; n < most_terms && fraction.add(-n * (n - a), x + 2.0 * n + 1.0 - a); ++n) {
  }
  return fraction.value() * std::exp(a * std::log(x) - x - std::lgamma(a));
}

// I_x(a, b), regularised incomplete beta, for x < (a + 1) / (a + b + 2) (Abramowitz & Stegun 26.5.8).
double beta_fraction(double a, double b, double x) {
  Fraction fraction(1.0 - (a + b) * x / (a + 1.0), 1.0);
  for (int m = 1; m < most_terms; ++m) {
    fraction.add(m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)), 1.0);
    if (!fraction.add(-(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)), 1.0)) break;
  }
  const double front =
      std::exp(a * std::log(x) + b * std::log1p(-x) + std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b));
  return front / a * fraction.value();
}

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double chi_squared_tail(double x, double degrees) {
  if (x <= 0.0) return 1.0;
  const double a = degrees / 2.0;
  const double half = x / 2.0;
  return half < a + 1.0 ? 1.0 - gamma_series(a, half) : gamma_fraction(a, half);
}

double f_tail(double f, double numerator, double denominator) {
  if (f <= 0.0) return 1.0;
  if (std::isinf(f)) return 0.0;
  // P(F >= f) = I_x(d2 / 2, d1 / 2) at x = d2 / (d2 + d1 f).
  const double a = denominator / 2.0;
  const double b = numerator / 2.0;
  const double x = denominator / (denominator + numerator * f);
  if (x < (a + 1.0) / (a + b + 2.0)) return beta_fraction(a, b, x);
  return 1.0 - beta_fraction(b, a, numerator * f / (denominator + numerator * f));
}

double range_tail(double q, int groups) {
  if (q <= 0.0) return 1.0;
  // k * integral of phi(z) (1 - (Phi(z) - Phi(z - q))^(k-1)) by the trapezoidal rule, which converges geometrically for
  // such smooth, falling integrands.
  constexpr double step = 1.0 / 64.0;
  constexpr double far = 9.0;
  const double k = groups;
  double sum = 0.0;
  const auto steps = static_cast<int>((2.0 * far + q) / step);
  for (int i = 0; i <= steps; ++i) {
    const double z = i * step - far;
    const double inside = normal_cdf(z) - normal_cdf(z - q);
    sum += std::exp(-0.5 * z * z) * std::pow(inside, k - 1.0);
  }
  return std::clamp(1.0 - k * sum * step / std::sqrt(2.0 * std::numbers::pi), 0.0, 1.0);
}

}  // namespace soundalike
