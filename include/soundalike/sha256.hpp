#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace soundalike {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
///
///   Sha256 sum;
///   sum.add(first);
///   sum.add(second);
///   std::string hex = to_hex(sum.finish());
class Sha256 {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  void add(std::string_view bytes);
  /// The digest of all that was added; nothing may be added after.
  Digest finish();

 private:
  void take(const std::uint8_t* block);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> open_{};  // the block that is not full yet
  std::uint64_t size_ = 0;               // bytes added
};

/// Two lower-case digits per byte.
std::string to_hex(std::span<const std::uint8_t> bytes);
/// Of bytes in memory, in hexadecimal.
std::string sha256_hex(std::string_view bytes);

}  // namespace soundalike
