#include "infer/strict_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "soundalike/error.hpp"

namespace soundalike::infer {
namespace {

constexpr int deepest = 32;

Error bad(const std::string& where, const std::string& what) {
  return {ErrorCode::invalid_argument, fmt::format("{}: {}", where, what)};
}

}  // namespace

Json parse_strictly(std::string_view text, const std::string& where) {
  std::vector<std::set<std::string>> keys(1);
  const Json::parser_callback_t check = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > deepest) throw bad(where, fmt::format("nested more than {} deep", deepest));
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) {
      throw bad(where, fmt::format("'{}' stands there twice", value.get<std::string>()));
    }
    return true;
  };
  try {
    return Json::parse(text, check);
  } catch (const Json::exception& error) {
    throw bad(where, fmt::format("not JSON: {}", error.what()));
  }
}

StrictObject::StrictObject(const Json& object, std::string where, std::initializer_list<std::string_view> keys)
    : object_(object), where_(std::move(where)) {
  if (!object_.is_object()) throw bad(where_, "expected an object");
  for (const auto& item : object_.items()) {
    if (std::ranges::find(keys, item.key()) == keys.end()) throw bad(where_, fmt::format("unknown '{}'", item.key()));
  }
}

void StrictObject::wrong(const char* key, const char* expected) const {
  throw bad(where_, fmt::format("'{}' is {}, expected {}", key, object_.at(key).dump().substr(0, 40), expected));
}

const Json& StrictObject::at(const char* key) const {
  const auto it = object_.find(key);
  if (it == object_.end()) throw bad(where_, fmt::format("no '{}'", key));
  return *it;
}

const Json& StrictObject::object(const char* key) const {
  if (!at(key).is_object()) wrong(key, "an object");
  return at(key);
}

const Json& StrictObject::list(const char* key) const {
  if (!at(key).is_array()) wrong(key, "a list");
  return at(key);
}

std::string StrictObject::text(const char* key) const {
  if (!at(key).is_string()) wrong(key, "a text");
  return at(key).get<std::string>();
}

std::uint64_t StrictObject::whole(const char* key, std::uint64_t most) const {
  if (!at(key).is_number_unsigned() || at(key).get<std::uint64_t>() > most) wrong(key, "a whole number in range");
  return at(key).get<std::uint64_t>();
}

double StrictObject::number(const char* key) const {
  if (!at(key).is_number() || !std::isfinite(at(key).get<double>())) wrong(key, "a number");
  return at(key).get<double>();
}

std::vector<std::size_t> StrictObject::sizes(const char* key, std::size_t most) const {
  std::vector<std::size_t> out;
  if (list(key).size() > most) wrong(key, "a shorter list");
  for (const Json& value : list(key)) {
    if (!value.is_number_unsigned()) wrong(key, "a list of whole numbers");
    out.push_back(value.get<std::size_t>());
  }
  return out;
}

}  // namespace soundalike::infer
