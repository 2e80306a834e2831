#include "data/md5.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>

#include <fmt/format.h>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

using State = std::array<std::uint32_t, 4>;

// floor(2^32 |sin(i + 1)|), as the RFC defines them.
std::array<std::uint32_t, 64> sines() {
  std::array<std::uint32_t, 64> table;
  for (std::size_t i = 0; i < 64; ++i) {
    table[i] = static_cast<std::uint32_t>(std::floor(0x1p32 * std::abs(std::sin(static_cast<double>(i + 1)))));
  }
  return table;
}

void block(State& state, const unsigned char* bytes, const std::array<std::uint32_t, 64>& table) {
  constexpr int turns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  std::array<std::uint32_t, 16> m;
  for (std::size_t i = 0; i < 16; ++i) {
    m[i] = static_cast<std::uint32_t>(bytes[4 * i]) | static_cast<std::uint32_t>(bytes[4 * i + 1]) << 8 |
           static_cast<std::uint32_t>(bytes[4 * i + 2]) << 16 | static_cast<std::uint32_t>(bytes[4 * i + 3]) << 24;
  }
  auto [a, b, c, d] = state;
  for (std::size_t i = 0; i < 64; ++i) {
    std::uint32_t f = 0;
    std::size_t g = 0;
    switch (i / 16) {
      case 0:
        f = (b & c) | (~b & d), g = i;
        break;
      case 1:
        f = (d & b) | (~d & c), g = (5 * i + 1) % 16;
        break;
      case 2:
        f = b ^ c ^ d, g = (3 * i + 5) % 16;
        break;
      default:
        f = c ^ (b | ~d), g = 7 * i % 16;
    }
    const std::uint32_t sum = a + f + table[i] + m[g];
    a = d, d = c, c = b;
    b += std::rotl(sum, turns[i / 16][i % 4]);
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
}

}  // namespace

std::string md5_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const auto table = sines();
  State state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::string piece(1 << 16, '\0');
  std::uint64_t total = 0;
  for (bool last = false; !last;) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    auto size = static_cast<std::size_t>(in.gcount());
    total += size;
    std::string padded;
    const char* bytes = piece.data();
    if (!in) {
      if (!in.eof()) throw Error(ErrorCode::io, fmt::format("cannot read '{}'", file.string()));
      last = true;
      padded = piece.substr(0, size) + '\x80';
      while (padded.size() % 64 != 56) padded.push_back('\0');
      for (int shift = 0; shift < 64; shift += 8) padded.push_back(static_cast<char>((total * 8) >> shift & 0xff));
      bytes = padded.data();
      size = padded.size();
    }
    for (std::size_t at = 0; at < size; at += 64)
      block(state, reinterpret_cast<const unsigned char*>(bytes + at), table);
  }
  std::string text;
  for (const std::uint32_t word : state) {
    for (int shift = 0; shift < 32; shift += 8) text += fmt::format("{:02x}", word >> shift & 0xff);
  }
  return text;
}

}  // namespace soundalike
