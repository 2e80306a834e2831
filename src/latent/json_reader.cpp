#include "latent/json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"

namespace soundalike::latent {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t longest_name = 120;

}  // namespace

Json parse_object(std::string_view text, const std::string& what) {
  try {
    Json json = Json::parse(text);
    if (json.is_object()) return json;
  } catch (const nlohmann::json::exception&) {
    // told below
  }
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot read {}: not a JSON object", what));
}

bool is_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  return !text.empty() && text.size() <= longest_name && text.front() != '.' && std::ranges::all_of(text, fits);
}

JsonReader::JsonReader(const Json& object, std::string trouble) : json_(object), trouble_(std::move(trouble)) {
  if (!json_.is_object()) refuse("an object is missing");
}

void JsonReader::refuse(const std::string& reason) const {
  throw Error(ErrorCode::invalid_argument, fmt::format("{}: {}", trouble_, reason));
}

const Json& JsonReader::at(const std::string& key) const {
  const auto found = json_.find(key);
  if (found == json_.end()) refuse(fmt::format("it has no '{}'", key));
  return *found;
}

std::string JsonReader::text(const std::string& key) const {
  const Json& value = at(key);
  if (!value.is_string()) refuse(fmt::format("'{}' is no text", key));
  return value.get<std::string>();
}

std::string JsonReader::name(const std::string& key) const {
  std::string value = text(key);
  if (!is_name(value)) refuse(fmt::format("'{}' is '{}', which is no name", key, value));
  return value;
}

bool JsonReader::flag(const std::string& key) const {
  const Json& value = at(key);
  if (!value.is_boolean()) refuse(fmt::format("'{}' is neither true nor false", key));
  return value.get<bool>();
}

double JsonReader::number(const std::string& key) const {
  const Json& value = at(key);
  if (!value.is_number()) refuse(fmt::format("'{}' is no number", key));
  return value.get<double>();
}

std::int64_t JsonReader::integer(const std::string& key) const {
  const Json& value = at(key);
  if (!value.is_number_integer()) refuse(fmt::format("'{}' is no whole number", key));
  return value.get<std::int64_t>();
}

std::size_t JsonReader::count(const std::string& key) const {
  const std::int64_t value = integer(key);
  if (value < 0) refuse(fmt::format("'{}' is {}, less than 0", key, value));
  return static_cast<std::size_t>(value);
}

std::vector<float> JsonReader::numbers(const std::string& key) const {
  const Json& value = at(key);
  if (!value.is_array()) refuse(fmt::format("'{}' is no list", key));
  std::vector<float> result;
  for (const Json& item : value) {
    if (!item.is_number()) refuse(fmt::format("'{}' holds what is no number", key));
    result.push_back(item.get<float>());
    if (!std::isfinite(result.back())) refuse(fmt::format("'{}' holds a number that is too large", key));
  }
  return result;
}

std::vector<std::array<double, 2>> JsonReader::places(const std::string& key) const {
  const Json& value = at(key);
  std::vector<std::array<double, 2>> result;
  for (const Json& item : value) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_number() || !item[1].is_number()) {
      refuse(fmt::format("'{}' is no list of places [x, y]", key));
    }
    result.push_back({item[0].get<double>(), item[1].get<double>()});
  }
  return result;
}

std::vector<std::string> JsonReader::texts(const std::string& key) const {
  const Json& value = at(key);
  if (!value.is_array()) refuse(fmt::format("'{}' is no list", key));
  std::vector<std::string> result;
  for (const Json& item : value) {
    if (!item.is_string()) refuse(fmt::format("'{}' holds what is no text", key));
    result.push_back(item.get<std::string>());
  }
  return result;
}

JsonReader JsonReader::object(const std::string& key) const {
  return {at(key), fmt::format("{}, in '{}'", trouble_, key)};
}

void JsonReader::each(const std::string& key, std::size_t most,
                      const std::function<void(const JsonReader&)>& use) const {
  const Json& value = at(key);
  if (!value.is_array() || value.size() > most) refuse(fmt::format("'{}' is no list of at most {}", key, most));
  for (const Json& item : value) use({item, fmt::format("{}, in '{}'", trouble_, key)});
}

}  // namespace soundalike::latent
