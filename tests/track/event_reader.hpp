#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

/// Reads event files bit by bit, independently of the code that writes them.
namespace event_reader {

struct Field {
  unsigned number = 0;
  unsigned wire_type = 0;
  std::uint64_t integer = 0;  ///< of wire types 0, 1 and 5: raw
  std::string bytes;          ///< of wire type 2

  double as_double() const {
    double value = 0.0;
    std::memcpy(&value, &integer, 8);
    return value;
  }
  float as_float() const {
    const auto low = static_cast<std::uint32_t>(integer);
    float value = 0.0f;
    std::memcpy(&value, &low, 4);
    return value;
  }
};

inline std::vector<Field> fields(const std::string& message) {
  std::vector<Field> result;
  std::size_t at = 0;
  const auto byte = [&] {
    if (at >= message.size()) throw std::runtime_error("message ends early");
    return static_cast<unsigned char>(message[at++]);
  };
  const auto variable = [&] {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const unsigned char b = byte();
      value |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return value;
    }
  };
  while (at < message.size()) {
    Field field;
    const auto key = variable();
    field.number = static_cast<unsigned>(key >> 3);
    field.wire_type = static_cast<unsigned>(key & 7);
    if (field.wire_type == 0) {
      field.integer = variable();
    } else if (field.wire_type == 1 || field.wire_type == 5) {
      const unsigned size = field.wire_type == 1 ? 8 : 4;
      for (unsigned i = 0; i < size; ++i) field.integer |= static_cast<std::uint64_t>(byte()) << (8 * i);
    } else if (field.wire_type == 2) {
      const auto size = variable();
      if (size > message.size() - at) throw std::runtime_error("field ends early");
      field.bytes = message.substr(at, size);
      at += size;
    } else {
      throw std::runtime_error("unknown wire type");
    }
    result.push_back(field);
  }
  return result;
}

/// The one field of that number. @throws std::runtime_error when it is missing.
inline Field field(const std::string& message, unsigned number) {
  for (auto& f : fields(message)) {
    if (f.number == number) return f;
  }
  throw std::runtime_error("no field " + std::to_string(number));
}

/// CRC-32C by polynomial division, bit by bit.
inline std::uint32_t slow_masked_crc(const std::string& bytes) {
  std::uint32_t c = 0xffffffffu;
  for (const char b : bytes) {
    c ^= static_cast<unsigned char>(b);
    for (int i = 0; i < 8; ++i) c = (c & 1u) != 0 ? (c >> 1) ^ 0x82f63b78u : c >> 1;
  }
  c = ~c;
  return ((c >> 15) | (c << 17)) + 0xa282ead8u;
}

/// The data of every record. @throws std::runtime_error for a checksum that is wrong or a half record.
inline std::vector<std::string> records(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(in), {}};
  std::vector<std::string> result;
  std::size_t at = 0;
  const auto take = [&](std::size_t size) {
    if (size > all.size() - at) throw std::runtime_error("half a record");
    at += size;
    return all.substr(at - size, size);
  };
  const auto number = [](const std::string& bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    return value;
  };
  while (at < all.size()) {
    const std::string length = take(8);
    if (number(take(4)) != slow_masked_crc(length)) throw std::runtime_error("checksum of a length");
    result.push_back(take(number(length)));
    if (number(take(4)) != slow_masked_crc(result.back())) throw std::runtime_error("checksum of data");
  }
  return result;
}

}  // namespace event_reader
