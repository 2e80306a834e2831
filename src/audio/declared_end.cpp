#include "audio/declared_end.hpp"

#include <unistd.h>

#include <array>
#include <cstddef>
#include <string_view>

#include "audio/mpeg.hpp"

namespace soundalike {
namespace {

using Bytes = std::array<unsigned char, 64>;

Bytes bytes_at(int descriptor, std::uint64_t offset) {
  Bytes bytes{};  // zeros beyond the end
  [[maybe_unused]] const auto count = ::pread(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  return bytes;
}

bool says(const Bytes& bytes, std::size_t at, std::string_view id) {
  return std::string_view(reinterpret_cast<const char*>(bytes.data()) + at, id.size()) == id;
}

std::uint64_t little_endian(const Bytes& bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | bytes[at + i];
  return value;
}

std::uint64_t big_endian(const Bytes& bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
  return value;
}

constexpr int most_chunks = 1000;                   // against loops in damaged files
constexpr std::uint64_t open_length = 0x7ffff000u;  // sizes from here on are written by programs that do not know

// RIFF, RF64 (EBU Tech 3306) and FORM share the layout: id, size, body padded to even, repeated.
std::optional<std::uint64_t> end_of_chunk(int descriptor, std::string_view wanted, bool big) {
  std::uint64_t long_size = 0;  // RF64
  std::uint64_t offset = 12;
  for (int i = 0; i < most_chunks; ++i) {
    const Bytes head = bytes_at(descriptor, offset);
    if (head[0] == 0) return std::nullopt;
    std::uint64_t size = big ? big_endian(head, 4, 4) : little_endian(head, 4, 4);
    if (says(head, 0, "ds64")) long_size = little_endian(head, 16, 8);
    if (says(head, 0, wanted)) {
      if (long_size > 0) return offset + 8 + long_size;
      if (!big && size >= open_length) return std::nullopt;
      return offset + 8 + size;
    }
    offset += 8 + size + size % 2;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> declared_end(int descriptor) {
  const Bytes head = bytes_at(descriptor, 0);
  if (says(head, 0, "RIFF") || says(head, 0, "RF64")) return end_of_chunk(descriptor, "data", false);
  if (says(head, 0, "FORM")) return end_of_chunk(descriptor, "SSND", true);
  if (const auto mpeg = mpeg_length(descriptor)) return mpeg->end;
  return std::nullopt;
}

}  // namespace soundalike
