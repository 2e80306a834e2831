#include "effect/turtle.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace soundalike {
namespace {

/// Bytes of the well-formed UTF-8 character that starts `text` (Unicode 15, table 3-7), or 0.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    return follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    return follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// Copies `text`; ASCII characters that `must_escape` picks become \uXXXX, broken bytes U+FFFD.
template <typename Predicate>
std::string escaped(std::string_view text, Predicate must_escape) {
  std::string result;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) {
      result += "\xEF\xBF\xBD";
    } else if (size == 1 && must_escape(text.front())) {
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(text.front()));
    } else {
      result += text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return result;
}

bool is_control(char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }

}  // namespace

std::string turtle_string(std::string_view text) {
  return '"' + escaped(text, [](char c) { return is_control(c) || c == '"' || c == '\\'; }) + '"';
}

std::string turtle_uri(std::string_view uri) {
  constexpr std::string_view forbidden = " <>\"{}|^`\\";
  return '<' + escaped(uri, [&](char c) { return is_control(c) || forbidden.find(c) != forbidden.npos; }) + '>';
}

std::string turtle_decimal(float value) {
  std::array<char, 64> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed).ptr;
  std::string text(digits.data(), end);
  return text.find('.') == text.npos ? text + ".0" : text;
}

}  // namespace soundalike
