#include "soundalike/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "effect/effect_format.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 1;
constexpr std::size_t largest_block = 65536;

constexpr std::array<std::pair<KnobClass, std::string_view>, 5> classes{{
    {KnobClass::smooth, "smooth"},
    {KnobClass::rough, "rough"},
    {KnobClass::stepped, "stepped"},
    {KnobClass::gain, "gain"},
    {KnobClass::dead, "dead"},
}};

std::string json_string(std::string_view text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

[[noreturn]] void refuse(std::string_view origin, const std::string& problem) {
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot read profile '{}': {}", origin, problem));
}

/// The value as it stands in the file, cut where it would flood a one-line error.
std::string excerpt(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() <= 40 ? text : text.substr(0, 37) + "...";
}

/// One JSON object being read: every key it is asked for is known, all others are refused by finish().
class ObjectReader {
 public:
  ObjectReader(const Json& object, std::string_view origin, std::string prefix)
      : object_(object), origin_(origin), prefix_(std::move(prefix)) {}

  const Json* optional(const char* key) {
    known_.emplace_back(key);
    auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  const Json& required(const char* key) {
    if (const Json* value = optional(key)) return *value;
    refuse(origin_, fmt::format("'{}{}' is missing", prefix_, key));
  }
  [[noreturn]] void wrong(const char* key, const Json& value, std::string_view expected) const {
    refuse(origin_, fmt::format("'{}{}' is {}; {} is needed", prefix_, key, excerpt(value), expected));
  }

  std::string text(const char* key, const Json& value) const {
    if (!value.is_string()) wrong(key, value, "a string");
    return value.get<std::string>();
  }
  std::string text_or(const char* key, std::string fallback) {
    const Json* value = optional(key);
    return value ? text(key, *value) : std::move(fallback);
  }
  float number_or(const char* key, float fallback, float low, float high) {
    const Json* value = optional(key);
    return value ? number(key, *value, low, high) : fallback;
  }
  float number(const char* key, const Json& value, float low, float high) const {
    const double found = value.is_number() ? value.get<double>() : NAN;
    // the comparison is false for NaN
    if (!(found >= low && found <= high)) wrong(key, value, fmt::format("a number from {} to {}", low, high));
    return static_cast<float>(found);
  }
  void finish() const {
    for (const auto& [key, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      refuse(origin_, fmt::format("unknown key '{}{}'; known here: {}", prefix_, key, fmt::join(known_, ", ")));
    }
  }

 private:
  const Json& object_;
  std::string_view origin_;
  std::string prefix_;
  std::vector<std::string> known_;
};

Profile::Knob read_knob(const Json& json, std::string_view origin, const std::string& id) {
  ObjectReader reader(json, origin, fmt::format("knobs.{}.", id));
  Profile::Knob knob;
  const Json& free = reader.required("free");
  if (!free.is_boolean()) reader.wrong("free", free, "true or false");
  knob.free = free.get<bool>();
  const Json& setting = reader.required("setting");
  knob.setting = reader.number("setting", setting, 0.0f, 1.0f);
  knob.low = reader.number_or("low", knob.low, 0.0f, 1.0f);
  knob.high = reader.number_or("high", knob.high, 0.0f, 1.0f);
  knob.step = reader.number_or("step", knob.step, 0.0f, 0.5f);
  if (knob.step == 0.0f) reader.wrong("step", Json(0), "a number above 0, at most 0.5,");
  if (const Json* klass = reader.optional("class")) {
    const std::string name = reader.text("class", *klass);
    auto row = std::find_if(classes.begin(), classes.end(), [&](const auto& r) { return r.second == name; });
    if (row == classes.end()) reader.wrong("class", *klass, "one of smooth, rough, stepped, gain, dead");
    knob.klass = row->first;
  }
  knob.reason = reader.text_or("reason", "");
  reader.finish();
  if (knob.low > knob.high || (knob.free && knob.low == knob.high)) {
    refuse(origin, fmt::format("'knobs.{}' is searched from low {} to high {}; low must be below high", id, knob.low,
                               knob.high));
  }
  if (knob.free && (knob.setting < knob.low || knob.setting > knob.high)) {
    refuse(origin, fmt::format("'knobs.{}.setting' is {}; a search starts there, so it must lie from low {} to high {}",
                               id, knob.setting, knob.low, knob.high));
  }
  return knob;
}

/// "line 3, column 7" of a byte that nlohmann counts from 1.
std::string position(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : std::min(byte - 1, text.size()));
  const std::size_t line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t start = before.rfind('\n');
  return fmt::format("line {}, column {}", line, before.size() - (start == before.npos ? 0 : start + 1) + 1);
}

/// Parses JSON and refuses an object that names a key twice, where the parser alone would keep one of the two.
Json parse_json(std::string_view text, std::string_view origin) {
  std::vector<std::set<std::string>> open;
  auto watch = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key && !open.back().insert(value.get<std::string>()).second) {
      refuse(origin, fmt::format("the key '{}' stands twice in one object", value.get<std::string>()));
    }
    return true;
  };
  try {
    return Json::parse(text, watch);
  } catch (const Json::parse_error& error) {
    refuse(origin, fmt::format("it is not JSON from {} on", position(text, error.byte)));
  } catch (const Json::exception&) {  // a number that no double holds
    refuse(origin, "a number in it is out of range");
  }
}

}  // namespace

std::string_view to_string(KnobClass klass) {
  for (const auto& [value, name] : classes) {
    if (value == klass) return name;
  }
  return "smooth";
}

Profile read_profile(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw Error(ErrorCode::not_found, fmt::format("cannot read profile '{}': no such file", path.string()));
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    throw Error(ErrorCode::io,
                fmt::format("cannot read profile '{}': it is empty or not a readable file", path.string()));
  }
  return parse_profile(text.str(), path.string());
}

Profile parse_profile(std::string_view json, std::string_view origin) {
  const Json root = parse_json(json, origin);
  if (!root.is_object()) refuse(origin, fmt::format("it holds {}; an object is needed", excerpt(root)));
  ObjectReader reader(root, origin, "");
  const Json& version = reader.required("format");
  if (version != format_version) {
    reader.wrong("format", version, fmt::format("{} (the format this program knows)", format_version));
  }
  Profile profile;
  const Json& effect = reader.required("effect");
  profile.effect = reader.text("effect", effect);
  if (!find_format(profile.effect)) reader.wrong("effect", effect, "an id like \"lv2:<uri>\"");
  profile.name = reader.text_or("name", "");
  if (const Json* size = reader.optional("block_size")) {
    const bool fits =
        size->is_number_unsigned() && size->get<std::uint64_t>() >= 1 && size->get<std::uint64_t>() <= largest_block;
    if (!fits) reader.wrong("block_size", *size, fmt::format("a whole number from 1 to {}", largest_block));
    profile.block_size = size->get<std::size_t>();
  }
  const Json& knobs = reader.required("knobs");
  if (!knobs.is_object()) reader.wrong("knobs", knobs, "an object");
  for (const auto& [id, knob] : knobs.items()) {
    if (!knob.is_object()) refuse(origin, fmt::format("'knobs.{}' is {}; an object is needed", id, excerpt(knob)));
    profile.knobs.emplace(id, read_knob(knob, origin, id));
  }
  if (const Json* neutral = reader.optional("neutral")) {
    if (!neutral->is_object()) reader.wrong("neutral", *neutral, "an object");
    profile.neutral.emplace();
    for (const auto& [id, setting] : neutral->items()) {
      const ObjectReader place(*neutral, origin, "neutral.");
      profile.neutral->emplace(id, place.number(id.c_str(), setting, 0.0f, 1.0f));
    }
  }
  profile.probe_json = "{}";
  if (const Json* probe = reader.optional("probe")) {
    if (!probe->is_object()) reader.wrong("probe", *probe, "an object");
    profile.probe_json = probe->dump();
  }
  reader.finish();
  return profile;
}

std::string to_json(const Profile& profile) {
  std::string out =
      fmt::format("{{\n  \"format\": {},\n  \"effect\": {},\n  \"name\": {},\n  \"block_size\": {},\n", format_version,
                  json_string(profile.effect), json_string(profile.name), profile.block_size);
  out += "  \"knobs\": {";
  const char* separator = "\n";
  for (const auto& [id, knob] : profile.knobs) {
    out += fmt::format(
        "{}    {}: {{\"free\": {}, \"setting\": {}, \"low\": {}, \"high\": {}, \"step\": {}, \"class\": {}", separator,
        json_string(id), knob.free, knob.setting, knob.low, knob.high, knob.step, json_string(to_string(knob.klass)));
    if (!knob.reason.empty()) out += fmt::format(", \"reason\": {}", json_string(knob.reason));
    out += "}";
    separator = ",\n";
  }
  out += profile.knobs.empty() ? "}" : "\n  }";
  if (profile.neutral) {
    out += ",\n  \"neutral\": {";
    separator = "";
    for (const auto& [id, setting] : *profile.neutral) {
      out += fmt::format("{}{}: {}", separator, json_string(id), setting);
      separator = ", ";
    }
    out += "}";
  }
  if (!profile.probe_json.empty() && profile.probe_json != "{}") {
    const Json probe = Json::parse(profile.probe_json, nullptr, false);
    if (!probe.is_object()) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot write profile of '{}': its probe results are not a JSON object", profile.effect));
    }
    out += ",\n  \"probe\": ";
    for (char c : probe.dump(2, ' ', false, Json::error_handler_t::replace)) {
      out += c;
      if (c == '\n') out += "  ";
    }
  }
  return out + "\n}\n";
}

}  // namespace soundalike
