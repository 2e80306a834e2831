#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace soundalike {

/// A seeded random generator with the same stream on every machine and compiler (xoshiro256++, Blackman & Vigna 2019;
/// seeded through splitmix64). Always an argument, never global.
///
///   Rng rng(7);                       // a run
///   Rng example = Rng::derive(7, step, index);  // independent of how many threads draw before it
class Rng {
 public:
  using result_type = std::uint64_t;

  explicit Rng(std::uint64_t seed);

  /// A stream for (seed, a, b): equal arguments give equal streams, others independent ones.
  static Rng derive(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0);

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// Uniform in [0, 1).
  double uniform();
  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Standard normal (Marsaglia polar method).
  double normal();
  /// Uniform integer in [0, bound); bound > 0. Unbiased (rejection).
  std::uint64_t below(std::uint64_t bound);

 private:
  std::array<std::uint64_t, 4> state_{};
  double spare_ = 0.0;
  bool has_spare_ = false;
};

/// Rng::below(bound) for one bound again and again: divides once.
class Below {
 public:
  explicit Below(std::uint64_t bound) : bound_(bound), inverse_(~std::uint64_t{0} / bound) {}

  std::uint64_t operator()(Rng& rng) const {
    for (;;) {
      const std::uint64_t r = rng();
      if (r < bound_ && r < (0 - bound_) % bound_) continue;  // 2^64 mod bound, which is rejected, lies below it
      // At most one too small, since the inverse is: by its remainder of bound - 1 at most.
      const auto quotient = static_cast<std::uint64_t>((static_cast<Wide>(r) * inverse_) >> 64);
      const std::uint64_t rest = r - quotient * bound_;
      return rest - (rest >= bound_ ? bound_ : 0);  // as often as not: no jump
    }
  }

 private:
  __extension__ using Wide = unsigned __int128;
  std::uint64_t bound_;
  std::uint64_t inverse_;
};

}  // namespace soundalike
