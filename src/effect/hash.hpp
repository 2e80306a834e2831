#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace soundalike {

/// Mixes all bits of a number into all bits of the result (finaliser of MurmurHash3, Appleby 2011).
inline std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdULL;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

/// Eight bytes a step: tells damage from none, no protection against intent.
inline std::uint64_t hash(std::string_view bytes, std::uint64_t seed = 0) {
  std::uint64_t state = mix(seed + bytes.size());
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t size = bytes.size() < sizeof(word) ? bytes.size() : sizeof(word);
    std::memcpy(&word, bytes.data(), size);
    state = mix(state ^ word);
    bytes.remove_prefix(size);
  }
  return state;
}

}  // namespace soundalike
