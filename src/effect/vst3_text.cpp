#include "effect/vst3_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace soundalike::vst3 {
namespace {

void append_utf8(std::string& text, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string trimmed(std::string text) {
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_blank));
  while (!text.empty() && is_blank(text.back())) text.pop_back();
  return text;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int lower = std::tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::string utf8(const Steinberg::char16* text, std::size_t most) {
  constexpr std::uint32_t replacement = 0xfffd;
  std::string result;
  for (std::size_t i = 0; i < most && text[i] != 0; ++i) {
    const std::uint32_t unit = text[i];
    const bool high = unit >= 0xd800 && unit < 0xdc00;
    if (high && i + 1 < most && text[i + 1] >= 0xdc00 && text[i + 1] < 0xe000) {
      append_utf8(result, 0x10000 + ((unit - 0xd800) << 10) + (text[++i] - 0xdc00u));
    } else {
      append_utf8(result, high || (unit >= 0xdc00 && unit < 0xe000) ? replacement : unit);
    }
  }
  return trimmed(std::move(result));
}

std::string field(const char* text, std::size_t size) { return trimmed(std::string(text, ::strnlen(text, size))); }

std::string hex(const Steinberg::TUID id) {
  std::string text;
  for (std::size_t i = 0; i < sizeof(Steinberg::TUID); ++i) {
    text += fmt::format("{:02X}", static_cast<unsigned char>(id[i]));
  }
  return text;
}

bool from_hex(std::string_view text, Steinberg::TUID id) {
  if (text.size() != 2 * sizeof(Steinberg::TUID)) return false;
  for (std::size_t i = 0; i < sizeof(Steinberg::TUID); ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    id[i] = static_cast<char>(high * 16 + low);
  }
  return true;
}

std::string result_name(Steinberg::tresult result) {
  switch (result) {
    case Steinberg::kNoInterface:
      return "kNoInterface";
    case Steinberg::kResultOk:
      return "kResultOk";
    case Steinberg::kResultFalse:
      return "kResultFalse";
    case Steinberg::kInvalidArgument:
      return "kInvalidArgument";
    case Steinberg::kNotImplemented:
      return "kNotImplemented";
    case Steinberg::kInternalError:
      return "kInternalError";
    case Steinberg::kNotInitialized:
      return "kNotInitialized";
    case Steinberg::kOutOfMemory:
      return "kOutOfMemory";
    default:
      return fmt::format("result {}", result);
  }
}

}  // namespace soundalike::vst3
