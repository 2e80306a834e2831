#include <cctype>
#include <cstdint>

#include <fmt/format.h>

#include "soundalike/corpus.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(std::string_view word) {
  for (const char c : word) {
    if (!is_digit(c)) return false;
  }
  return !word.empty();
}

std::string_view without_trailing_number(std::string_view text) {
  while (!text.empty() && is_digit(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t end = text.find('_');
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::string group_of_stem(std::string_view stem) {
  const auto parts = words(stem);
  if (parts.size() == 3 && is_number(parts[0]) && is_number(parts[2]) && !is_number(parts[1])) {
    return std::string(parts[1]);
  }
  const std::string_view before_number = without_trailing_number(stem);
  const bool has_number = before_number.size() < stem.size();
  if (has_number &&
      (before_number.empty() || std::string_view("_- .(").find(before_number.back()) != std::string_view::npos)) {
    return std::string(stem);
  }
  const std::size_t length = parts.size() < 2 ? stem.size() : parts[0].size() + 1 + parts[1].size();
  return std::string(without_trailing_number(stem.substr(0, length)));
}

// FNV-1a (Fowler, Noll, Vo), then the finaliser of splitmix64: FNV's high bits barely see the last characters.
std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325ull;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  // Chosen once, before anything was fitted, so that a small corpus of six named speakers and 200 music loops has some
  // of each in every split. Changing it changes every split and voids every reported figure.
  constexpr std::uint64_t salt = 1553;
  h += salt;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9ull;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebull;
  return h ^ (h >> 31);
}

}  // namespace

std::string_view to_string(Split split) {
  switch (split) {
    case Split::train:
      return "train";
    case Split::validation:
      return "validation";
    case Split::test:
      break;
  }
  return "test";
}

Split parse_split(std::string_view name) {
  for (const Split split : splits) {
    if (to_string(split) == name) return split;
  }
  throw Error(ErrorCode::invalid_argument, fmt::format("unknown split '{}'; known: train, validation, test", name));
}

std::string source_group(const std::filesystem::path& file) {
  std::string stem = file.stem().string();
  for (char& c : stem) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return group_of_stem(stem);
}

Split split_of(const std::filesystem::path& file) {
  const double position = static_cast<double>(hash(source_group(file)) >> 11) * 0x1.0p-53;  // uniform in [0, 1)
  if (position < 0.7) return Split::train;
  return position < 0.8 ? Split::validation : Split::test;
}

}  // namespace soundalike
