#include "search/sobol.hpp"

#include <bit>
#include <cassert>

#include "soundalike/rng.hpp"

namespace soundalike {
namespace {

// Polynomials over GF(2): bit i is the coefficient of x^i.
unsigned degree(std::uint32_t polynomial) { return static_cast<unsigned>(std::bit_width(polynomial)) - 1; }

// Primitive: x generates all 2^d - 1 non-zero residues.
bool is_primitive(std::uint32_t polynomial) {
  if (polynomial < 2) return false;
  const unsigned d = degree(polynomial);
  const std::uint32_t order = (1u << d) - 1;
  std::uint32_t power = 1;
  for (std::uint32_t k = 1; k <= order; ++k) {
    power <<= 1;
    if (power >> d) power ^= polynomial;
    if (power == 1) return k == order;
  }
  return false;
}

std::uint32_t next_primitive(std::uint32_t polynomial) {
  do {
    polynomial += 2;  // the constant term of a primitive polynomial is 1
  } while (!is_primitive(polynomial));
  return polynomial;
}

// m_k = 2 a_1 m_{k-1} ^ ... ^ 2^d m_{k-d} ^ m_{k-d}; direction v_k = m_k 2^(32-k). The first d numbers are free but
// odd, and m_k < 2^k; they are drawn from a fixed stream, one per polynomial, so that every search has the same.
std::vector<std::uint32_t> direction_numbers(std::uint32_t polynomial, std::size_t bits) {
  const unsigned d = degree(polynomial);
  Rng rng = Rng::derive(0x50b01, polynomial);
  std::vector<std::uint32_t> v(bits);
  for (std::size_t k = 0; k < bits; ++k) {
    if (k < d) {
      v[k] = static_cast<std::uint32_t>(2 * rng.below(std::uint64_t{1} << k) + 1) << (bits - 1 - k);
      continue;
    }
    v[k] = v[k - d] ^ (v[k - d] >> d);
    for (unsigned j = 1; j < d; ++j) {
      if ((polynomial >> (d - j)) & 1u) v[k] ^= v[k - j];
    }
  }
  return v;
}

}  // namespace

SobolSequence::SobolSequence(std::size_t dimensions, std::uint64_t seed) {
  assert(dimensions <= largest);
  Rng rng = Rng::derive(seed, 0x50b01);
  std::uint32_t polynomial = 1;
  for (std::size_t j = 0; j < dimensions; ++j) {
    if (j == 0) {
      std::vector<std::uint32_t> v(bits);  // van der Corput
      for (std::size_t k = 0; k < bits; ++k) v[k] = 1u << (bits - 1 - k);
      directions_.push_back(std::move(v));
    } else {
      polynomial = next_primitive(polynomial);
      directions_.push_back(direction_numbers(polynomial, bits));
    }
    state_.push_back(static_cast<std::uint32_t>(rng()));
  }
}

std::vector<double> SobolSequence::next() {
  std::vector<double> point(state_.size());
  for (std::size_t j = 0; j < point.size(); ++j) point[j] = static_cast<double>(state_[j]) * 0x1.0p-32;
  const auto bit = static_cast<std::size_t>(std::countr_one(index_++)) % bits;
  for (std::size_t j = 0; j < state_.size(); ++j) state_[j] ^= directions_[j][bit];
  return point;
}

}  // namespace soundalike
