#include "effect/json_preset.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int format_version = 1;
constexpr std::string_view kind = "effect preset";

/// Nothing for what is no preset of this kind.
std::optional<Json> parse(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  Json json = Json::parse(text, nullptr, false);
  const auto found = json.is_object() ? json.find("soundalike") : json.end();
  if (!json.is_object() || found == json.end() || *found != kind) return std::nullopt;
  return json;
}

[[noreturn]] void refuse(const fs::path& file, const std::string& problem) {
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot use preset '{}': {}", file.string(), problem));
}

}  // namespace

void write_json_preset(const fs::path& file, const EffectListing& listing, std::span<const float> settings,
                       SampleRate rate, const std::string& label) {
  if (fs::exists(fs::symlink_status(file)) && !parse(file)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot write preset '{}': there is something else of this name; name another file or "
                            "remove it",
                            file.string()));
  }
  Json knobs = Json::object();
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const Parameter p = listing.parameters[i].at_rate(rate.hz);
    knobs[p.id] = {{"value", p.to_plain(settings[i])}, {"text", p.text(settings[i])}};
  }
  const Json json{{"soundalike", kind},        {"format", format_version},  {"label", label},
                  {"effect", listing.info.id}, {"name", listing.info.name}, {"sample_rate", rate.hz},
                  {"knobs", std::move(knobs)}};
  write_file(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

bool remove_json_preset(const fs::path& file, const std::string& label) {
  if (!fs::is_regular_file(fs::symlink_status(file))) return false;
  const auto json = parse(file);
  if (!json || !json->contains("label") || (*json)["label"] != label) return false;
  std::error_code error;
  fs::remove(file, error);
  if (!error) return true;
  throw Error(ErrorCode::io, fmt::format("cannot remove preset '{}': {}", file.string(), error.message()));
}

Preset read_json_preset(const fs::path& file) {
  const auto json = parse(file);
  if (!json) refuse(file, "it is no preset that soundalike wrote");
  const auto field = [&](const char* key) -> const Json& {
    const auto found = json->find(key);
    if (found == json->end()) refuse(file, fmt::format("it has no '{}'", key));
    return *found;
  };
  if (field("format") != format_version) {
    refuse(file, fmt::format("it is of format {}, this program reads {}", field("format").dump(), format_version));
  }
  if (!field("effect").is_string()) refuse(file, "its 'effect' is no text");
  if (!field("knobs").is_object()) refuse(file, "its 'knobs' are no object");
  Preset preset{field("effect").get<std::string>(), {}};
  for (const auto& [id, knob] : field("knobs").items()) {
    const auto value = knob.is_object() ? knob.find("value") : knob.end();
    if (!knob.is_object() || value == knob.end() || !value->is_number()) {
      refuse(file, fmt::format("knob '{}' has no 'value' that is a number", id));
    }
    preset.plain[id] = value->get<float>();
  }
  return preset;
}

}  // namespace soundalike
