#pragma once

#include <array>
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
  result_type operator()();

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

}  // namespace soundalike
