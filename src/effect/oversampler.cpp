#include "effect/oversampler.hpp"

#include <cmath>
#include <numbers>

namespace soundalike {
namespace {

/// Modified Bessel function of the first kind, order 0, by its series.
double bessel_i0(double x) {
  double sum = 1.0, term = 1.0;
  for (int k = 1; term > 1e-12 * sum; ++k) {
    term *= (x / (2.0 * k)) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

}  // namespace

Oversampler::Oversampler() {
  constexpr double beta = 8.0;  // Kaiser: side lobes 80 dB down
  constexpr std::size_t half = factor * latency / 2;
  constexpr std::size_t taps = 2 * half + 1;
  std::array<double, factor * taps_per_phase> h{};
  double sum = 0.0;
  for (std::size_t n = 0; n < taps; ++n) {
    const double t = (static_cast<double>(n) - half) / factor;  // in slow samples; the cutoff is half the slow rate
    const double x = static_cast<double>(n) / half - 1.0;
    const double sinc = t == 0.0 ? 1.0 : std::sin(std::numbers::pi * t) / (std::numbers::pi * t);
    h[n] = sinc * bessel_i0(beta * std::sqrt(std::max(0.0, 1.0 - x * x))) / bessel_i0(beta);
    sum += h[n];
  }
  for (std::size_t k = 0; k < taps_per_phase; ++k) {
    for (std::size_t p = 0; p < factor; ++p) kernel_[k][p] = static_cast<float>(h[k * factor + p] * factor / sum);
  }
}

Oversampler::Phases Oversampler::up(float x) {
  slow_at_ = slow_at_ == 0 ? taps_per_phase - 1 : slow_at_ - 1;
  slow_[slow_at_] = slow_[slow_at_ + taps_per_phase] = x;
  Phases sum{};
  for (std::size_t k = 0; k < taps_per_phase; ++k) sum += kernel_[k] * slow_[slow_at_ + k];
  return sum;
}

float Oversampler::down(Phases fast) {
  // The kernel's first tap meets the first of the four, so that both ways delay by whole frames.
  fast_at_ = fast_at_ == 0 ? taps_per_phase - 1 : fast_at_ - 1;
  const Phases newest_first{fast[0], before_[3], before_[2], before_[1]};
  before_ = fast;
  fast_[fast_at_] = fast_[fast_at_ + taps_per_phase] = newest_first;
  Phases sum{};
  for (std::size_t k = 0; k < taps_per_phase; ++k) sum += kernel_[k] * fast_[fast_at_ + k];
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) / factor;
}

}  // namespace soundalike
