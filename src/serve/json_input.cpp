#include "serve/json_input.hpp"

#include <fmt/format.h>

#include <cmath>

#include "soundalike/error.hpp"

namespace soundalike::serve {
namespace {

constexpr int deepest = 32;
constexpr std::size_t most_settings = 4096;
constexpr std::size_t longest_chain = 8;

[[noreturn]] void refuse(std::string_view key, std::string_view wanted) {
  throw Error(ErrorCode::invalid_argument, fmt::format("the request's '{}' must be {}", key, wanted));
}

}  // namespace

Json parse_json(std::string_view text) {
  // The depth is counted first: what builds the document also takes it apart, level by level.
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > deepest) throw Error(ErrorCode::invalid_argument, "the request's JSON is nested too deep");
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw Error(ErrorCode::invalid_argument, "the request's body is not JSON");
  return json;
}

Fields::Fields(Json json) : json_(std::move(json)) {
  if (!json_.is_object()) throw Error(ErrorCode::invalid_argument, "the request's body must be a JSON object");
}

const Json* Fields::find(std::string_view key) const {
  const auto found = json_.find(std::string(key));
  return found == json_.end() || found->is_null() ? nullptr : &*found;
}

bool Fields::has(std::string_view key) const { return find(key) != nullptr; }

std::string Fields::text(std::string_view key) const {
  const Json* value = find(key);
  if (value == nullptr || !value->is_string()) refuse(key, "a text");
  return value->get<std::string>();
}
std::string Fields::text(std::string_view key, std::string fallback) const {
  return has(key) ? text(key) : std::move(fallback);
}

double Fields::number(std::string_view key, double low, double high) const {
  const Json* value = find(key);
  const double number = value != nullptr && value->is_number() ? value->get<double>() : std::nan("");
  if (!(number >= low && number <= high)) refuse(key, fmt::format("a number from {} to {}", low, high));
  return number;
}
double Fields::number(std::string_view key, double low, double high, double fallback) const {
  return has(key) ? number(key, low, high) : fallback;
}

std::uint64_t Fields::whole(std::string_view key, std::uint64_t low, std::uint64_t high, std::uint64_t fallback) const {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  const bool fits =
      value->is_number_unsigned() && value->get<std::uint64_t>() >= low && value->get<std::uint64_t>() <= high;
  if (!fits) refuse(key, fmt::format("a whole number from {} to {}", low, high));
  return value->get<std::uint64_t>();
}

bool Fields::flag(std::string_view key, bool fallback) const {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) refuse(key, "true or false");
  return value->get<bool>();
}

std::vector<float> Fields::settings(std::string_view key) const {
  const Json* value = find(key);
  if (value == nullptr || !value->is_array() || value->size() > most_settings) refuse(key, "a list of numbers");
  std::vector<float> settings;
  for (const Json& one : *value) {
    const double number = one.is_number() ? one.get<double>() : std::nan("");
    if (!(number >= 0.0 && number <= 1.0)) refuse(key, "a list of numbers from 0 to 1");
    settings.push_back(static_cast<float>(number));
  }
  return settings;
}

std::vector<std::string> Fields::texts(std::string_view key) const {
  const Json* value = find(key);
  std::vector<std::string> texts;
  if (value != nullptr && value->is_string()) texts.push_back(value->get<std::string>());
  if (value != nullptr && value->is_array() && value->size() <= longest_chain) {
    for (const Json& one : *value) {
      if (!one.is_string()) refuse(key, "a text or a list of texts");
      texts.push_back(one.get<std::string>());
    }
  }
  if (texts.empty()) refuse(key, fmt::format("a text or a list of 1 to {} texts", longest_chain));
  return texts;
}

const Json& Fields::list(std::string_view key) const {
  const Json* value = find(key);
  if (value == nullptr || !value->is_array()) refuse(key, "a list");
  return *value;
}

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

}  // namespace soundalike::serve
