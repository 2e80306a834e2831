#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace soundalike {

/// Writes numbers, enumerations, strings and vectors as their bytes in memory. Together with ArchiveReader and one
/// `transfer(archive, value)` per struct, what is written and what is read cannot drift apart.
class ArchiveWriter {
 public:
  template <typename... Values>
  void operator()(const Values&... values) {
    (put(values), ...);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void put(const std::string& text) {
    put(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  template <typename Value>
  void put(const std::vector<Value>& values) {
    put(static_cast<std::uint32_t>(values.size()));
    for (const Value& value : values) put(value);
  }
  template <typename Value>
  void put(const Value& value) {
    if constexpr (std::is_arithmetic_v<Value> || std::is_enum_v<Value>) {
      bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
    } else {
      transfer(*this, value);
    }
  }

  std::string bytes_;
};

/// Reads what ArchiveWriter wrote. @throws std::runtime_error where the bytes end early.
class ArchiveReader {
 public:
  explicit ArchiveReader(std::string_view bytes) : bytes_(bytes) {}

  template <typename... Values>
  void operator()(Values&... values) {
    (take(values), ...);
  }
  bool at_end() const { return bytes_.empty(); }

 private:
  const char* advance(std::size_t size) {
    if (size > bytes_.size()) throw std::runtime_error("archive ends early");
    const char* start = bytes_.data();
    bytes_.remove_prefix(size);
    return start;
  }
  std::size_t take_count() {
    std::uint32_t count = 0;
    take(count);
    // Every element takes a byte at least: a wild count must not allocate.
    if (count > bytes_.size()) throw std::runtime_error("archive ends early");
    return count;
  }
  void take(std::string& text) {
    const std::size_t size = take_count();
    text.assign(advance(size), size);
  }
  template <typename Value>
  void take(std::vector<Value>& values) {
    values.resize(take_count());
    for (Value& value : values) take(value);
  }
  template <typename Value>
  void take(Value& value) {
    if constexpr (std::is_arithmetic_v<Value> || std::is_enum_v<Value>) {
      std::memcpy(&value, advance(sizeof(value)), sizeof(value));
    } else {
      transfer(*this, value);
    }
  }

  std::string_view bytes_;
};

}  // namespace soundalike
