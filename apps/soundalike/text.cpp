#include "text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace soundalike::cli {
namespace {

struct Range {
  char32_t first, last;
};

// Combining marks and joiners that European, Greek, Cyrillic, Hebrew and Arabic names use, and variation selectors.
constexpr std::array zero_width{Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD},
                                Range{0x0610, 0x061A}, Range{0x064B, 0x065F}, Range{0x1AB0, 0x1AFF},
                                Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF},
                                Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}};
// Unicode East Asian Width W and F, in the blocks that matter.
constexpr std::array double_width{Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},  Range{0x3041, 0x33FF},
                                  Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},  Range{0xA000, 0xA4CF},
                                  Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},  Range{0xFE30, 0xFE6F},
                                  Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},  Range{0x1F300, 0x1F64F},
                                  Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};

template <std::size_t n>
bool contains(const std::array<Range, n>& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](Range r) { return c >= r.first && c <= r.last; });
}

struct Character {
  std::size_t bytes;
  std::size_t columns;
};

// The character at the start of `text`, which is not empty.
Character character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t head = byte(0);
  const std::size_t length = head >= 0xF0 && head < 0xF8 ? 4 : head >= 0xE0 ? 3 : head >= 0xC2 ? 2 : 1;
  if (length == 1 || head >= 0xF8 || text.size() < length) return {1, 1};
  char32_t code = head & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {1, 1};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  return {length, contains(zero_width, code) ? 0u : contains(double_width, code) ? 2u : 1u};
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character next = character(text);
    width += next.columns;
    text.remove_prefix(next.bytes);
  }
  return width;
}

std::string pad(std::string_view text, std::size_t width, bool right) {
  const std::size_t used = display_width(text);
  const std::string space(used < width ? width - used : 0, ' ');
  return right ? space + std::string(text) : std::string(text) + space;
}

std::string shorten(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::string kept;
  std::size_t used = 0;
  while (!text.empty()) {
    const Character next = character(text);
    if (used + next.columns + 1 > width) break;
    kept += text.substr(0, next.bytes);
    used += next.columns;
    text.remove_prefix(next.bytes);
  }
  return width == 0 ? kept : kept + "…";
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::size_t position = 0;
  while (position <= text.size()) {
    const std::size_t end = std::min(text.find("\n\n", position), text.size());
    if (!lines.empty()) lines.emplace_back();
    std::string line;
    std::string paragraph(text.substr(position, end - position));
    std::ranges::replace(paragraph, '\n', ' ');
    for (std::string_view word : split(paragraph)) {
      if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
        lines.push_back(std::move(line));
        line.clear();
      }
      if (!line.empty()) line += ' ';
      line += word;
    }
    lines.push_back(std::move(line));
    position = end + 2;
  }
  return lines;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace soundalike::cli
