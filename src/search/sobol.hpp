#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace soundalike {

/// Points that fill [0, 1)^n evenly: a Sobol' sequence (Sobol' 1967; Gray code order, Antonov & Saleev 1979), moved by
/// a seeded digital shift, which keeps its net property. Any 2^k points in a row from the start hold one point in each
/// of 2^k equal slices of every axis. At most `largest` dimensions.
class SobolSequence {
 public:
  static constexpr std::size_t largest = 64;
  SobolSequence(std::size_t dimensions, std::uint64_t seed);
  std::vector<double> next();

 private:
  static constexpr std::size_t bits = 32;
  std::vector<std::vector<std::uint32_t>> directions_;  // [dimensions][bits]
  std::vector<std::uint32_t> state_;
  std::uint32_t index_ = 0;
};

}  // namespace soundalike
