#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace soundalike::infer {

/// IEEE 754 half precision to single, exact.
inline float from_half(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
  const std::uint32_t exponent = (half >> 10) & 31u;
  const std::uint32_t fraction = half & 1023u;
  if (exponent == 0) {
    const float value = std::ldexp(static_cast<float>(fraction), -24);
    return sign != 0 ? -value : value;
  }
  const std::uint32_t high = exponent == 31 ? 255u : exponent + 112u;
  return std::bit_cast<float>(sign | high << 23 | fraction << 13);
}

/// Single precision to half, to nearest, ties to even; beyond 65504 infinity.
inline std::uint16_t to_half(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
  const float magnitude = std::fabs(value);
  if (!(magnitude <= 3.4e38f)) return static_cast<std::uint16_t>(sign | (std::isnan(value) ? 0x7e00u : 0x7c00u));
  if (magnitude >= 65520.0f) return static_cast<std::uint16_t>(sign | 0x7c00u);
  // Below 2^-14 in units of 2^-24. A carry into the exponent is right: the next pattern is the next number.
  if (magnitude < 0x1p-14f)
    return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(std::nearbyint(magnitude * 0x1p24f)));
  int exponent = 0;
  std::frexp(magnitude, &exponent);  // magnitude = m * 2^exponent, m in [0.5, 1): 1024 to 2048 units of 11 bits
  const auto units = static_cast<std::uint32_t>(std::nearbyint(std::ldexp(magnitude, 11 - exponent)));
  const std::uint32_t half = (static_cast<std::uint32_t>(exponent + 14) << 10) + (units - 1024u);
  return static_cast<std::uint16_t>(sign | half);
}

}  // namespace soundalike::infer
