#include "soundalike/recipe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

using Json = nlohmann::ordered_json;
constexpr int format_version = 1;

// A JSON object that says where it stands when something in it is missing or of the wrong kind.
class Reader {
 public:
  Reader(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object_.is_object()) throw Error(ErrorCode::invalid_argument, where_ + ": expected an object");
  }
  bool has(const char* key) const { return object_.contains(key); }
  const Json& at(const char* key) const {
    const auto it = object_.find(key);
    if (it == object_.end()) throw Error(ErrorCode::invalid_argument, fmt::format("{}: no '{}'", where_, key));
    return *it;
  }
  double number(const char* key) const {
    const Json& value = at(key);
    if (!value.is_number()) throw wrong(key, "a number", value);
    return value.get<double>();
  }
  double number_in(const char* key, double low, double high) const {
    const double value = number(key);
    if (!(value >= low && value <= high)) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: '{}' is {:g}, expected {:g} to {:g}", where_, key, value, low, high));
    }
    return value;
  }
  std::uint64_t whole_in(const char* key, std::uint64_t low, std::uint64_t high) const {
    const Json& value = at(key);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() < low || value.get<std::uint64_t>() > high) {
      throw wrong(key, fmt::format("a whole number from {} to {}", low, high), value);
    }
    return value.get<std::uint64_t>();
  }
  std::string text(const char* key) const {
    const Json& value = at(key);
    if (!value.is_string()) throw wrong(key, "a text", value);
    return value.get<std::string>();
  }
  const Json& list(const char* key) const {
    const Json& value = at(key);
    if (!value.is_array()) throw wrong(key, "a list", value);
    return value;
  }

 private:
  Error wrong(const char* key, const std::string& expected, const Json& found) const {
    return {ErrorCode::invalid_argument,
            fmt::format("{}: '{}' is {}, expected {}", where_, key, found.dump().substr(0, 40), expected)};
  }
  const Json& object_;
  std::string where_;
};

}  // namespace

std::string to_json(const Recipe& recipe) {
  Json stages = Json::array();
  for (const auto& stage : recipe.stages) {
    Json knobs = Json::array();
    for (const auto& knob : stage.knobs) {
      knobs.push_back({{"id", knob.id},
                       {"name", knob.name},
                       {"text", knob.text},
                       {"unit", knob.unit},
                       {"plain", knob.plain},
                       {"setting", knob.setting}});
    }
    stages.push_back(
        {{"effect", stage.effect}, {"name", stage.name}, {"version", stage.version}, {"knobs", std::move(knobs)}});
  }
  Json found{{"input", recipe.input},
             {"reference", recipe.reference},
             {"seed", recipe.seed},
             {"renders", recipe.renders},
             {"distance", recipe.distance},
             {"distance_before", recipe.distance_before},
             {"distance_after", recipe.distance_after}};
  if (!recipe.controller.empty()) {
    found["controller"] = {{"name", recipe.controller}, {"digest", recipe.controller_digest}};
  }
  const Json json{
      {"soundalike_recipe", format_version},
      {"program_version", recipe.program_version},
      {"sample_rate", recipe.sample_rate},
      {"channels", recipe.channels},
      {"block_size", recipe.block_size},
      {"input_gain_db", recipe.input_gain_db},
      {"output_gain_db", recipe.output_gain_db},
      {"wet", recipe.wet},
      {"effects", std::move(stages)},
      {"found", std::move(found)},
  };
  return json.dump(2) + "\n";
}

Recipe parse_recipe(std::string_view text, std::string_view origin) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::invalid_argument, fmt::format("{}: not a recipe, which is JSON: {}", origin, error.what()));
  }
  const Reader top(json, std::string(origin));
  const double version = top.number("soundalike_recipe");
  if (version != format_version) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: recipe format {:g}, this program reads {}", origin, version, format_version));
  }
  Recipe recipe;
  recipe.program_version = top.text("program_version");
  recipe.sample_rate = top.number_in("sample_rate", 1.0, 1e6);
  recipe.channels = top.whole_in("channels", 1, 2);
  recipe.block_size = top.whole_in("block_size", 1, 1 << 20);
  recipe.input_gain_db = top.number_in("input_gain_db", -200.0, 200.0);
  recipe.output_gain_db = top.number_in("output_gain_db", -200.0, 200.0);
  recipe.wet = top.number_in("wet", 0.0, 1.0);
  std::size_t n = 0;
  for (const Json& item : top.list("effects")) {
    const Reader effect(item, fmt::format("{}: effect {}", origin, ++n));
    Recipe::Stage stage{effect.text("effect"), effect.text("name"), effect.text("version"), {}};
    for (const Json& entry : effect.list("knobs")) {
      const Reader knob(entry, fmt::format("{}: effect {}: knob {}", origin, n, stage.knobs.size() + 1));
      Recipe::Knob result;
      result.id = knob.text("id");
      result.name = knob.text("name");
      result.text = knob.text("text");
      result.unit = knob.text("unit");
      result.plain = static_cast<float>(knob.number("plain"));
      result.setting = static_cast<float>(knob.number_in("setting", 0.0, 1.0));
      stage.knobs.push_back(std::move(result));
    }
    recipe.stages.push_back(std::move(stage));
  }
  if (recipe.stages.empty()) throw Error(ErrorCode::invalid_argument, fmt::format("{}: no effects", origin));
  const Reader found(top.at("found"), fmt::format("{}: found", origin));
  recipe.input = found.text("input");
  recipe.reference = found.text("reference");
  recipe.seed = found.whole_in("seed", 0, std::numeric_limits<std::uint64_t>::max());
  recipe.renders = found.whole_in("renders", 0, 1000000000000);
  recipe.distance = found.text("distance");
  recipe.distance_before = found.number("distance_before");
  recipe.distance_after = found.number("distance_after");
  if (found.has("controller")) {
    const Reader controller(found.at("controller"), fmt::format("{}: found: controller", origin));
    recipe.controller = controller.text("name");
    recipe.controller_digest = controller.text("digest");
  }
  return recipe;
}

Recipe read_recipe(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const int reason = errno;
  if (!in && reason == ENOENT) {
    throw Error(ErrorCode::not_found, fmt::format("cannot read recipe '{}': no such file", path.string()));
  }
  if (!in) {
    throw Error(ErrorCode::io, fmt::format("cannot read recipe '{}': {}", path.string(), std::strerror(reason)));
  }
  if (std::filesystem::is_directory(path)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot read recipe '{}': it is a folder; name a file in it", path.string()));
  }
  std::ostringstream text;
  text << in.rdbuf();
  return parse_recipe(text.str(), path.string());
}

std::vector<float> recipe_settings(const Recipe& recipe, std::span<const EffectListing> chain) {
  if (recipe.stages.size() != chain.size()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("the recipe has {} effects, the chain {}", recipe.stages.size(), chain.size()));
  }
  std::vector<float> settings;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto& stage = recipe.stages[i];
    if (stage.knobs.size() != chain[i].parameters.size()) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("the recipe sets {} knobs of {}, the installed version {} has {}", stage.knobs.size(),
                              stage.name, chain[i].info.version, chain[i].parameters.size()));
    }
    for (const auto& parameter : chain[i].parameters) {
      const auto knob = std::ranges::find(stage.knobs, parameter.id, &Recipe::Knob::id);
      if (knob == stage.knobs.end()) {
        throw Error(ErrorCode::invalid_argument,
                    fmt::format("the recipe does not set '{}' of {} (installed version {})", parameter.id, stage.name,
                                chain[i].info.version));
      }
      settings.push_back(knob->setting);
    }
  }
  return settings;
}

}  // namespace soundalike
