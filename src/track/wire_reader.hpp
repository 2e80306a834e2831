#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace soundalike::track {

/// A whole number of up to eight bytes, least significant first.
inline std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// The fields of a protocol-buffer message, one after another. Nothing beyond its bytes is ever read.
///
///   WireReader reader(bytes);
///   while (auto field = reader.next()) { if (field->number == 1) ... }
///   if (reader.broken()) ...
class WireReader {
 public:
  struct Field {
    unsigned number = 0;
    unsigned type = 0;          ///< 0 variable-length integer, 1 eight bytes, 2 bytes, 5 four bytes
    std::uint64_t integer = 0;  ///< of 0, and the bits of 1 and 5
    std::string_view bytes{};   ///< of 2
    double float64() const { return std::bit_cast<double>(integer); }
    float float32() const { return std::bit_cast<float>(static_cast<std::uint32_t>(integer)); }
    std::int64_t whole() const { return static_cast<std::int64_t>(integer); }
  };

  explicit WireReader(std::string_view bytes) : rest_(bytes) {}
  bool broken() const { return broken_; }

  std::optional<Field> next() {
    if (rest_.empty() || broken_) return {};
    Field field;
    const std::uint64_t key = variable();
    field.number = static_cast<unsigned>(key >> 3);
    field.type = static_cast<unsigned>(key & 7);
    switch (field.type) {
      case 0:
        field.integer = variable();
        break;
      case 1:
        field.integer = little_endian(take(8));
        break;
      case 2:
        field.bytes = take(variable());
        break;
      case 5:
        field.integer = little_endian(take(4));
        break;
      default:
        broken_ = true;
    }
    if (broken_ || field.number == 0) {
      broken_ = true;
      return {};
    }
    return field;
  }

 private:
  std::string_view take(std::uint64_t count) {
    if (broken_ || count > rest_.size()) {
      broken_ = true;
      return {};
    }
    const std::string_view bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
  }
  std::uint64_t variable() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::string_view byte = take(1);
      if (broken_) return 0;
      value |= static_cast<std::uint64_t>(byte[0] & 0x7f) << shift;
      if ((byte[0] & 0x80) == 0) return value;
    }
    broken_ = true;
    return 0;
  }

  std::string_view rest_;
  bool broken_ = false;
};

}  // namespace soundalike::track
