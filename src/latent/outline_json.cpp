#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "latent/json_reader.hpp"
#include "soundalike/error.hpp"
#include "soundalike/map_outline.hpp"

namespace soundalike {
namespace {

using Json = nlohmann::ordered_json;
using latent::JsonReader;

constexpr std::int64_t format_version = 1;
constexpr std::size_t most_parameters = 4096;
constexpr std::size_t most_columns = 4096;

template <typename Value>
struct Named {
  Value value;
  std::string_view name;
};
constexpr std::array samplings{Named<Sampling>{Sampling::uniform, "uniform"}, Named<Sampling>{Sampling::sobol, "sobol"},
                               Named<Sampling>{Sampling::adaptive, "adaptive"}};
constexpr std::array column_kinds{
    Named<ColumnKind>{ColumnKind::knob, "knob"}, Named<ColumnKind>{ColumnKind::feature, "feature"},
    Named<ColumnKind>{ColumnKind::label, "label"}, Named<ColumnKind>{ColumnKind::error, "error"}};
constexpr std::array parameter_kinds{Named<ParameterKind>{ParameterKind::continuous, "continuous"},
                                     Named<ParameterKind>{ParameterKind::integer, "integer"},
                                     Named<ParameterKind>{ParameterKind::choice, "choice"},
                                     Named<ParameterKind>{ParameterKind::toggle, "toggle"}};

template <typename Value, std::size_t n>
Value value_of(const std::array<Named<Value>, n>& table, std::string_view name, std::string_view what) {
  const auto found = std::ranges::find(table, name, &Named<Value>::name);
  if (found != table.end()) return found->value;
  std::string known;
  for (const auto& row : table) known += fmt::format("{}{}", known.empty() ? "" : ", ", row.name);
  throw Error(ErrorCode::invalid_argument, fmt::format("no {} '{}': there are {}", what, name, known));
}

template <typename Value, std::size_t n>
std::string_view name_of(const std::array<Named<Value>, n>& table, Value value) {
  return std::ranges::find(table, value, &Named<Value>::value)->name;
}

Json json_of(const Parameter& p) {
  Json choices = Json::array();
  for (const auto& choice : p.choices) choices.push_back({{"plain", choice.plain}, {"label", choice.label}});
  return {{"id", p.id},           {"name", p.name},
          {"unit", p.unit},       {"kind", name_of(parameter_kinds, p.kind)},
          {"log", p.logarithmic}, {"minimum", p.minimum},
          {"maximum", p.maximum}, {"default", p.default_plain},
          {"choices", choices}};
}

Parameter parameter_of(const JsonReader& json) {
  Parameter p;
  p.id = json.text("id");
  p.name = json.text("name");
  p.unit = json.text("unit");
  p.kind = value_of(parameter_kinds, json.text("kind"), "kind of parameter");
  p.logarithmic = json.flag("log");
  p.minimum = static_cast<float>(json.number("minimum"));
  p.maximum = static_cast<float>(json.number("maximum"));
  p.default_plain = static_cast<float>(json.number("default"));
  json.each("choices", most_parameters, [&](const JsonReader& choice) {
    p.choices.push_back({static_cast<float>(choice.number("plain")), choice.text("label")});
  });
  if (p.kind == ParameterKind::choice && p.choices.empty()) json.refuse("a choice has nothing to choose from");
  return p;
}

Json json_of(const MapProjection& p) {
  Json json{{"name", p.name},
            {"method", p.method},
            {"trustworthiness", p.trustworthiness},
            {"neighbours_kept", p.neighbours_kept},
            {"knob_roughness", p.knob_roughness},
            {"default", p.is_default}};
  if (!p.mean.empty()) {
    json["mean"] = p.mean;
    json["axes"] = p.axes;
  }
  return json;
}

MapProjection projection_of(const JsonReader& json, std::size_t width) {
  MapProjection p{json.name("name"),
                  json.text("method"),
                  json.number("trustworthiness"),
                  json.number("neighbours_kept"),
                  json.number("knob_roughness"),
                  json.flag("default")};
  if (p.method == "pca") {
    p.mean = json.numbers("mean");
    p.axes = json.numbers("axes");
    if (p.mean.size() != width || p.axes.size() != 2 * width) json.refuse("its axes do not fit the embeddings");
  }
  return p;
}

}  // namespace

std::string_view to_string(Sampling sampling) { return name_of(samplings, sampling); }
Sampling parse_sampling(std::string_view name) { return value_of(samplings, name, "sampling"); }
std::string_view to_string(ColumnKind kind) { return name_of(column_kinds, kind); }

std::string to_json(const MapOutline& o) {
  Json parameters = Json::array(), free = Json::array(), left_out = Json::array(), columns = Json::array(),
       projections = Json::array();
  for (const auto& parameter : o.parameters) parameters.push_back(json_of(parameter));
  for (const auto& knob : o.free) {
    free.push_back({{"parameter", knob.parameter},
                    {"low", knob.low},
                    {"high", knob.high},
                    {"step", knob.step},
                    {"categories", knob.categories}});
  }
  for (const auto& point : o.left_out) left_out.push_back({{"sample", point.sample}, {"reason", point.reason}});
  for (const auto& column : o.columns) {
    columns.push_back({{"name", column.name},
                       {"kind", to_string(column.kind)},
                       {"unit", column.unit},
                       {"categories", column.categories}});
  }
  for (const auto& projection : o.projections) projections.push_back(json_of(projection));
  const Json json{
      {"format", format_version},
      {"ready", o.ready},
      {"effect", {{"id", o.effect}, {"name", o.effect_name}, {"version", o.effect_version}}},
      {"parameters", parameters},
      {"free", free},
      {"base", o.base},
      {"block_size", o.block_size},
      {"clip", {{"name", o.clip_name}, {"digest", o.clip_digest}, {"gain_db", o.clip_gain_db}}},
      {"encoder", {{"name", o.encoder}, {"digest", o.encoder_digest}, {"size", o.embedding_size}}},
      {"sampling",
       {{"asked", o.asked}, {"seed", o.seed}, {"method", to_string(o.sampling)}, {"program", o.program_version}}},
      {"points", o.points},
      {"left_out", left_out},
      {"columns", columns},
      {"projections", projections},
  };
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

MapOutline parse_map_outline(std::string_view text, std::string_view origin) {
  const Json document = latent::parse_object(text, fmt::format("the map '{}'", origin));
  const JsonReader json(document, fmt::format("cannot read the map '{}'", origin));
  if (json.integer("format") != format_version) {
    json.refuse(fmt::format("it has format {}, this program knows {}", json.integer("format"), format_version));
  }
  MapOutline o;
  o.ready = json.flag("ready");
  const JsonReader effect = json.object("effect"), clip = json.object("clip"), encoder = json.object("encoder"),
                   sampling = json.object("sampling");
  o.effect = effect.text("id");
  o.effect_name = effect.text("name");
  o.effect_version = effect.text("version");
  json.each("parameters", most_parameters, [&](const JsonReader& item) { o.parameters.push_back(parameter_of(item)); });
  json.each("free", most_parameters, [&](const JsonReader& item) {
    const SettingsSpace::Knob knob{item.count("parameter"), static_cast<float>(item.number("low")),
                                   static_cast<float>(item.number("high")), static_cast<float>(item.number("step")),
                                   item.count("categories")};
    if (knob.parameter >= o.parameters.size() || !(0.0f <= knob.low && knob.low <= knob.high && knob.high <= 1.0f)) {
      item.refuse("a free knob is none of the effect's, or its range is not within [0, 1]");
    }
    o.free.push_back(knob);
  });
  o.base = json.numbers("base");
  if (o.base.size() != o.parameters.size()) json.refuse("'base' has not one setting per parameter");
  o.block_size = json.count("block_size");
  o.clip_name = clip.text("name");
  o.clip_digest = clip.text("digest");
  o.clip_gain_db = clip.number("gain_db");
  o.encoder = encoder.text("name");
  o.encoder_digest = encoder.text("digest");
  o.embedding_size = encoder.count("size");
  o.asked = sampling.count("asked");
  o.seed = static_cast<std::uint64_t>(sampling.count("seed"));
  o.sampling = parse_sampling(sampling.text("method"));
  o.program_version = sampling.text("program");
  o.points = json.count("points");
  json.each("left_out", o.asked, [&](const JsonReader& item) {
    o.left_out.push_back({item.count("sample"), item.text("reason")});
  });
  json.each("columns", most_columns, [&](const JsonReader& item) {
    o.columns.push_back({item.name("name"), value_of(column_kinds, item.text("kind"), "kind of column"),
                         item.text("unit"), item.texts("categories")});
  });
  json.each("projections", most_columns,
            [&](const JsonReader& item) { o.projections.push_back(projection_of(item, o.embedding_size)); });
  return o;
}

}  // namespace soundalike
