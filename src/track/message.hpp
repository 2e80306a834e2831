#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace soundalike::track {

/// Appends `value` in little-endian order, whatever the machine's.
template <class Integer>
void append_little_endian(std::string& bytes, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff));
  }
}

/// A protocol-buffer message being written: fields in any order, by number.
/// Wire types: 0 variable-length integer, 1 eight bytes, 2 length and bytes, 5 four bytes.
class Message {
 public:
  Message& integer(unsigned field, std::int64_t value) {
    key(field, 0);
    variable(static_cast<std::uint64_t>(value));
    return *this;
  }
  Message& number(unsigned field, double value) {
    key(field, 1);
    append_little_endian(bytes_, std::bit_cast<std::uint64_t>(value));
    return *this;
  }
  Message& number(unsigned field, float value) {
    key(field, 5);
    append_little_endian(bytes_, std::bit_cast<std::uint32_t>(value));
    return *this;
  }
  Message& bytes(unsigned field, std::string_view value) {
    key(field, 2);
    variable(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(unsigned field, const Message& value) { return bytes(field, value.bytes_); }
  Message& packed(unsigned field, std::span<const double> values) {
    std::string all;
    for (const double value : values) append_little_endian(all, std::bit_cast<std::uint64_t>(value));
    return bytes(field, all);
  }
  const std::string& text() const { return bytes_; }

 private:
  void key(unsigned field, unsigned wire_type) { variable(field << 3 | wire_type); }
  void variable(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>((value & 0x7f) | 0x80));
    bytes_.push_back(static_cast<char>(value));
  }

  std::string bytes_;
};

}  // namespace soundalike::track
