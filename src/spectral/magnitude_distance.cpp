#include "spectral/magnitude_distance.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "base/vectorised.hpp"

namespace soundalike {
namespace {

constexpr std::size_t lanes = 16;
constexpr std::size_t block = 512;  // pairs summed in float before the sum goes to double

/// Natural logarithm of a positive normal number, relative error below 3e-7, exactly 0 at 1. Unlike std::log it has no
/// branches, so loops over it are vectorised. x = 2^e (1 + t) with 1 + t in [sqrt(1/2), sqrt(2)); the polynomial is the
/// minimax fit of ln(1 + t) / t there (Lawson iteration).
[[gnu::always_inline]] inline float natural_log(float x) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t shifted = bits - 0x3f3504f3u;  // bits of sqrt(1/2)
  const auto exponent = static_cast<float>(static_cast<std::int32_t>(shifted) >> 23);
  const float t = std::bit_cast<float>((shifted & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  float p = 0.0872235522f;
  p = p * t - 0.143668428f;
  p = p * t + 0.149522662f;
  p = p * t - 0.165623933f;
  p = p * t + 0.199568331f;
  p = p * t - 0.250020742f;
  p = p * t + 0.333341867f;
  p = p * t - 0.499999881f;
  p = p * t + 1.0f;
  return exponent * 0.693147181f + p * t;
}

struct Lanes {
  std::array<float, lanes> squared_difference{};
  std::array<float, lanes> squared_target{};
  std::array<float, lanes> log_difference{};
  std::array<float, lanes> difference{};
};

[[gnu::always_inline]] inline void add_pairs(const float* estimate, const float* target, std::size_t n, Lanes& sums) {
  for (std::size_t k = 0; k < n; ++k) {
    const float a = estimate[k];
    const float b = target[k];
    const float d = a - b;
    sums.squared_difference[k] += d * d;
    sums.squared_target[k] += b * b;
    sums.log_difference[k] += std::abs(natural_log(a / b));
    sums.difference[k] += std::abs(d);
  }
}

SOUNDALIKE_VECTORISED Lanes sum_block(const float* estimate, const float* target, std::size_t n) {
  Lanes sums;
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) add_pairs(estimate + i, target + i, lanes, sums);
  add_pairs(estimate + i, target + i, n - i, sums);
  return sums;
}

double total(const std::array<float, lanes>& values) {
  double sum = 0.0;
  for (const float v : values) sum += double{v};
  return sum;
}

}  // namespace

void MagnitudeDistance::add(const float* estimate, const float* target, std::size_t n) {
  for (std::size_t i = 0, size = 0; i < n; i += size) {
    size = n - i < block + lanes ? n - i : block;  // no block for a few left over
    const Lanes sums = sum_block(estimate + i, target + i, size);
    squared_difference += total(sums.squared_difference);
    squared_target += total(sums.squared_target);
    log_difference += total(sums.log_difference);
    difference += total(sums.difference);
  }
  count += n;
}

}  // namespace soundalike
