#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "context.hpp"
#include "soundalike/error.hpp"
#include "soundalike/predictor.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr Positional positionals[] = {
    {.name = "name", .required = false, .help = "show all that is known of this model: data, command, seed, results"},
};
constexpr Example examples[] = {
    {"soundalike models", "which effects have a controller"},
    {"soundalike models mda-overdrive", "the card of one"},
};

std::string effects_of(const Checkpoint& model) {
  std::string text;
  for (const auto& effect : model.effects) text += (text.empty() ? "" : " > ") + effect.name;
  return text;
}

std::string place_of(const ModelListing& model) { return model.file.empty() ? "built in" : model.file.string(); }

Json to_json(const ModelListing& model) {
  Json effects = Json::array();
  for (const auto& effect : model.outline.effects) {
    Json knobs = Json::array();
    for (const auto& knob : effect.knobs) knobs.push_back(knob.parameter);
    effects.push_back(
        {{"id", effect.id}, {"name", effect.name}, {"version", effect.version}, {"knobs", std::move(knobs)}});
  }
  Json needs = Json::array();
  for (const auto& need : model.outline.needs) {
    needs.push_back({{"role", need.role}, {"name", need.name}, {"digest", need.digest}});
  }
  return {{"name", model.outline.name},     {"kind", model.outline.kind},
          {"effects", std::move(effects)},  {"needs", std::move(needs)},
          {"seed", model.outline.seed},     {"bytes", model.bytes},
          {"digest", model.outline.digest}, {"built_in", model.file.empty()},
          {"file", model.file.string()},    {"metadata", Json::parse(model.outline.metadata)}};
}

// Lines "key  value" of an object, objects inside it indented below their key.
std::string card_lines(const Json& object, const std::string& indent) {
  std::string text;
  for (const auto& item : object.items()) {
    if (item.value().is_object()) {
      text += fmt::format("{}{}\n{}", indent, item.key(), card_lines(item.value(), indent + "  "));
    } else {
      text += fmt::format("{}{:<12}  {}\n", indent, item.key(),
                          item.value().is_string() ? item.value().get<std::string>() : item.value().dump());
    }
  }
  return text;
}

std::string card(const ModelListing& model) {
  const Checkpoint& m = model.outline;
  std::string text = fmt::format("{}: {}, {} bytes, {}\n", m.name, m.kind, model.bytes, place_of(model));
  for (const auto& effect : m.effects) {
    std::string knobs;
    for (const auto& knob : effect.knobs) knobs += (knobs.empty() ? "" : ", ") + knob.parameter;
    text += fmt::format("{:<12}  {} {} ({}): {}\n", "predicts", effect.name, effect.version, effect.id, knobs);
  }
  for (const auto& need : m.needs) text += fmt::format("{:<12}  {} ({:.12})\n", need.role, need.name, need.digest);
  text += fmt::format("{:<12}  {}\n{:<12}  {}\n", "digest", m.digest, "seed", m.seed);
  return text + card_lines(Json::parse(m.metadata), "");
}

int run(const Arguments& arguments, Context& context) {
  auto models = list_models();
  const std::string name = arguments.text("name");
  if (!name.empty()) {
    std::erase_if(models, [&](const ModelListing& m) { return m.outline.name != name; });
    if (models.empty()) {
      throw Error(ErrorCode::not_found, fmt::format("no model '{}' (soundalike models lists all)", name));
    }
  }
  if (context.json()) {
    Json list = Json::array();
    for (const auto& model : models) list.push_back(to_json(model));
    context.emit({{"models", std::move(list)}});
    return 0;
  }
  if (!name.empty()) {
    std::string text;
    for (const auto& model : models) text += (text.empty() ? "" : "\n") + card(model);
    context.print(text);
    return 0;
  }
  if (models.empty()) {
    context.print("no models: none is built in, and none in SOUNDALIKE_MODELS or the user's folder\n");
    return 0;
  }
  Table table({{"name"}, {"kind"}, {"predicts"}, {"kB", true}, {"where"}});
  for (const auto& model : models) {
    table.add({model.outline.name, model.outline.kind, effects_of(model.outline),
               fmt::format("{}", (model.bytes + 999) / 1000), place_of(model)});
  }
  context.print(table.text(context.width(), context.colored()));
  return 0;
}

}  // namespace

extern const Command models_command{
    .name = "models",
    .summary = "list the models that predict settings, or show one",
    .description =
        "Encoders turn recordings into short vectors, controllers turn two of these into an effect's settings. Looked "
        "for in the folder SOUNDALIKE_MODELS names, then in ~/.local/share/soundalike/models (or below XDG_DATA_HOME), "
        "then among those built into the program; the first that fits is used.",
    .positionals = positionals,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
