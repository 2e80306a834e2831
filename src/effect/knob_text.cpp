#include "effect/knob_text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>
#include <utility>

namespace soundalike {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string slug(std::string_view name) {
  std::string result;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || byte >= 0x80) {
      result += static_cast<char>(std::tolower(byte));
    } else if (!result.empty() && result.back() != '_') {
      result += '_';
    }
  }
  while (!result.empty() && result.back() == '_') result.pop_back();
  return result;
}

std::optional<double> leading_number(std::string_view text, std::string_view* rest) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0.0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (problem != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(',')) return std::nullopt;
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  if (rest) *rest = text;
  return number;
}

bool is_switch(std::string_view low, std::string_view high) {
  static const std::set<std::pair<std::string, std::string>> pairs{
      {"off", "on"}, {"no", "yes"}, {"false", "true"}, {"disabled", "enabled"}, {"disable", "enable"}};
  return low == high || pairs.contains({lower(low), lower(high)}) ||
         (leading_number(low) == 0.0 && leading_number(high) == 1.0);
}

bool are_labels(const std::vector<std::string>& texts, std::string_view unit) {
  if (std::set<std::string>(texts.begin(), texts.end()).size() != texts.size()) return false;
  return std::ranges::any_of(texts, [&](const std::string& text) {
    std::string_view rest;
    return !leading_number(text, &rest) || !(rest.empty() || rest == unit);
  });
}

}  // namespace soundalike
