#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace soundalike::learn {

/// How alike two places of the picture are by their distance d: 1 / (1 + a d^(2b)).
struct Curve {
  double a = 1.0;
  double b = 1.0;
};

/// The curve nearest, by least squares, to 1 up to the minimum distance and exp(-(d - minimum) / spread) beyond.
Curve fit_curve(double minimum_distance, double spread);

// Plain expressions, unlike those of std, which compilers do not always turn into one instruction.
inline float larger(float a, float b) { return a > b ? a : b; }
inline float smaller(float a, float b) { return a < b ? a : b; }

/// x^power for x > 0 within 1e-4 of its value: sums and products alone, so that every machine rounds alike.
inline float power_of(float x, float power) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const auto exponent = static_cast<std::int32_t>(bits >> 23) - 127;
  const float m = std::bit_cast<float>((bits & 0x7fffffu) | 0x3f800000u);  // in [1, 2)
  // ln m = 2 artanh(s), s = (m - 1) / (m + 1) in [0, 1/3].
  const float s = (m - 1.0f) / (m + 1.0f), q = s * s;
  const float log2_m = 2.88539008f * s * (1.0f + q * (0.33333333f + q * (0.2f + q * (0.14285714f + q * 0.11111111f))));
  const float y = smaller(larger(power * (static_cast<float>(exponent) + log2_m), -126.0f), 126.0f);
  const auto whole = static_cast<std::int32_t>(y + (y < 0.0f ? -0.5f : 0.5f));
  const float t = 0.69314718f * (y - static_cast<float>(whole));  // in +-0.35
  const float exp_t = 1.0f + t * (1.0f + t * (0.5f + t * (0.16666667f + t * (0.041666667f + t * 0.0083333333f))));
  return exp_t * std::bit_cast<float>(static_cast<std::uint32_t>(whole + 127) << 23);
}

/// One place in the plane.
struct Place {
  float x = 0.0f;
  float y = 0.0f;
};

/// What moves a place: gradients of the cross entropy of likenesses, at most 4 per coordinate. Without branches, so
/// that loops over many places become vector instructions.
class Force {
 public:
  explicit Force(const Curve& curve) : a_(static_cast<float>(curve.a)), b_(static_cast<float>(curve.b)) {}

  /// Towards `other`, by a step of `rate`.
  void attract(Place& place, Place other, float rate) const {
    const float dx = place.x - other.x, dy = place.y - other.y, squared = larger(dx * dx + dy * dy, least);
    const float power = power_of(squared, b_);
    const float coefficient = -2.0f * a_ * b_ * (power / squared) / (a_ * power + 1.0f);
    place.x += rate * limited(coefficient * dx);
    place.y += rate * limited(coefficient * dy);
  }
  /// Away from it; from its very place in the direction of both axes.
  void repel(Place& place, Place other, float rate) const {
    const float dx = place.x - other.x, dy = place.y - other.y, squared = dx * dx + dy * dy;
    const float coefficient = 2.0f * b_ / ((0.001f + squared) * (a_ * power_of(larger(squared, least), b_) + 1.0f));
    const float x = limited(coefficient * dx), y = limited(coefficient * dy);
    place.x += rate * (squared <= 0.0f ? most : x);
    place.y += rate * (squared <= 0.0f ? most : y);
  }

 private:
  static constexpr float most = 4.0f;
  static constexpr float least = 1e-37f;  // of a squared distance, for powers of it to be finite
  static float limited(float gradient) { return smaller(larger(gradient, -most), most); }

  float a_, b_;
};

/// Random numbers that depend on where and when they are drawn alone (splitmix64).
class MomentRng {
 public:
  MomentRng(std::uint64_t seed, std::uint64_t where, std::uint64_t when)
      : state_(mixed(mixed(seed + 0x9e3779b97f4a7c15u * (where + 1)) + when)) {}
  /// In [0, bound); even but for 2^-32.
  std::uint32_t below(std::uint32_t bound) {
    state_ += 0x9e3779b97f4a7c15u;
    return static_cast<std::uint32_t>(((mixed(state_) >> 32) * bound) >> 32);
  }

 private:
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace soundalike::learn
