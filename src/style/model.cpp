#include "style/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "soundalike/error.hpp"

namespace soundalike::style {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 1;
// An axis is kept as whole numbers of 1/999 of its largest weight: 0.05 % is far below what the fit knows.
constexpr float steps = 999.0f;

/// Five digits are more than the fit knows.
double rounded(float x) { return std::stod(fmt::format("{:.5g}", x)); }

Json rounded(const std::vector<float>& values) {
  Json out = Json::array();
  for (const float x : values) out.push_back(rounded(x));
  return out;
}

void check(bool good, std::string_view what) {
  if (!good) throw Error(ErrorCode::invalid_argument, fmt::format("cannot use this style model: {}", what));
}

}  // namespace

std::string Model::to_json(std::string_view provenance) const {
  Json json;
  json["format"] = format_version;
  json["fitted"] = Json::parse(provenance);
  json["unit"] = unit;
  json["mono_features"] = mono_features;
  json["names"] = names;
  json["mean"] = rounded(mean);
  json["variability"] = rounded(variability);
  Json rows = Json::array();
  for (const auto& axis : axes) {
    float largest = 1e-12f;
    for (const float w : axis) largest = std::max(largest, std::abs(w));
    Json weights = Json::array();
    for (const float w : axis) weights.push_back(static_cast<int>(std::lround(w / largest * steps)));
    rows.push_back({{"scale", rounded(largest)}, {"weights", std::move(weights)}});
  }
  json["axes"] = std::move(rows);
  std::string text = "{\n";
  for (auto it = json.begin(); it != json.end(); ++it) {
    text += fmt::format("\"{}\": {}{}\n", it.key(), it.value().dump(), std::next(it) == json.end() ? "" : ",");
  }
  return text + "}\n";
}

Model parse_model(std::string_view text) {
  Model model;
  try {
    const Json json = Json::parse(text);
    check(json.at("format").get<int>() == format_version, fmt::format("'format' must be {}", format_version));
    model.unit = json.at("unit").get<double>();
    model.mono_features = json.at("mono_features").get<std::size_t>();
    model.names = json.at("names").get<std::vector<std::string>>();
    model.mean = json.at("mean").get<std::vector<float>>();
    model.variability = json.at("variability").get<std::vector<float>>();
    for (const auto& row : json.at("axes")) {
      std::vector<float> axis = row.at("weights").get<std::vector<float>>();
      const float scale = row.at("scale").get<float>() / steps;
      for (float& w : axis) w *= scale;
      model.axes.push_back(std::move(axis));
    }
  } catch (const nlohmann::json::exception& problem) {
    check(false, problem.what());
  }
  check(model.unit > 0.0, "'unit' must be > 0");
  check(!model.axes.empty(), "it has no axes");
  check(model.names.size() == model.mean.size() && model.names.size() == model.variability.size(),
        "'names', 'mean' and 'variability' differ in length");
  check(model.mono_features <= model.names.size(), "'mono_features' exceeds the names");
  for (const float v : model.variability) check(v > 0.0f, "'variability' must be > 0");
  for (const auto& axis : model.axes) check(axis.size() == model.mono_features, "an axis has another length");
  return model;
}

}  // namespace soundalike::style
