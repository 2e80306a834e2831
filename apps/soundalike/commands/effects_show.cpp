#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "audit_report.hpp"
#include "command.hpp"
#include "context.hpp"
#include "effect_json.hpp"
#include "numbers.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/profile.hpp"
#include "table.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "effect", .kind = ValueKind::effect, .help = "its name, URI or id, as 'soundalike effects' lists it"},
};
constexpr Example examples[] = {
    {"soundalike effects show 'MDA Overdrive'", "its knobs, and what matching does with each"},
    {"soundalike effects show http://drobilla.net/plugins/mda/Overdrive --json", "the same by URI, for a program"},
};

std::string range_text(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::toggle:
      return "off, on";
    case ParameterKind::choice:
      return fmt::format("{} choices", parameter.choices.size());
    default:
      break;
  }
  std::string text = fmt::format("{} to {}", plain_text(parameter.minimum), plain_text(parameter.maximum));
  if (!parameter.unit.empty()) text += " " + parameter.unit;
  return parameter.logarithmic ? text + ", log" : text;
}

// What matching does with a knob: "searched", "searched, 0.1 to 2 s", "stays at its default", "stays at 3 dB".
std::string use_text(const Parameter& parameter, const Profile::Knob& knob) {
  const std::string setting = parameter.text(knob.setting);
  if (!knob.free)
    return "stays at " + (setting == parameter.text(parameter.default_setting()) ? "its default" : setting);
  if (knob.low <= 0.0f && knob.high >= 1.0f) return "searched";
  return fmt::format("searched, {} to {}", parameter.text(knob.low), parameter.text(knob.high));
}

// The values that have names, knob by knob.
std::string choices_text(const EffectListing& listing, const Context& context) {
  std::string text;
  for (const Parameter& parameter : listing.parameters) {
    if (parameter.choices.empty()) continue;
    Table table({{"  value", true}, {"name"}});
    for (const ChoiceValue& choice : parameter.choices) table.add({plain_text(choice.plain), choice.label});
    text += "\n" + context.bold(parameter.name) + "\n" + table.text();
  }
  return text;
}

nlohmann::ordered_json knob_json(const Parameter& parameter, const Profile::Knob& knob) {
  nlohmann::ordered_json row{{"free", knob.free},
                             {"setting", number_or_null(knob.setting)},
                             {"setting_text", parameter.text(knob.setting)},
                             {"low", number_or_null(knob.low)},
                             {"high", number_or_null(knob.high)},
                             {"step", number_or_null(knob.step)},
                             {"class", to_string(knob.klass)}};
  if (!knob.reason.empty()) row["reason"] = knob.reason;
  return row;
}

const Profile::Knob& knob_of(const Profile& profile, const Parameter& parameter) {
  return profile.knobs.at(parameter.id);  // a profile names every parameter
}

int run(const Arguments& arguments, Context& context) {
  const EffectLibrary library;
  const EffectListing& listing = library.find(arguments.text("effect"));
  warn_of_audit(listing, context);
  const Profile profile = find_profile(listing);
  const bool probed = !nlohmann::json::parse(profile.probe_json, nullptr, false).empty();
  if (context.json()) {
    nlohmann::ordered_json document = listing_json(listing);
    document["profile"] = {{"probed", probed}, {"block_size", profile.block_size}};
    auto& parameters = document["parameters"] = nlohmann::ordered_json::array();
    for (const Parameter& parameter : listing.parameters) {
      parameters.push_back(parameter_json(parameter));
      parameters.back()["matching"] = knob_json(parameter, knob_of(profile, parameter));
    }
    context.emit(document);
    return 0;
  }
  std::string text = context.bold(listing.info.name) + "\n";
  const auto fact = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += "  " + pad(name, 10) + value + "\n";
  };
  fact("class", listing.info.klass);
  fact("channels", channels_text(listing.info));
  fact("author", listing.info.author);
  fact("version", listing.info.version);
  fact("id", listing.info.id);
  fact("bundle", listing.bundle.string());
  fact("profile", probed ? "measured by the probe" : "from the plugin's own description; nobody has probed it");
  fact("blocks", fmt::format("{} frames", profile.block_size));
  context.print(text + "\n");
  if (listing.parameters.empty()) {
    context.print("no knobs\n");
    return 0;
  }
  Table table({{"knob"},
               {"id"},
               {"kind"},
               {"range", false, true},
               {"default"},
               {"sounds"},
               {"when matching"},
               {"why", false, true}});
  for (const Parameter& parameter : listing.parameters) {
    const Profile::Knob& knob = knob_of(profile, parameter);
    table.add({parameter.name, parameter.id, std::string(to_string(parameter.kind)), range_text(parameter),
               parameter.text(parameter.default_setting()), probed ? std::string(to_string(knob.klass)) : "",
               use_text(parameter, knob), knob.reason});
  }
  context.print(table.text(context.width(), context.colored()));
  context.print(choices_text(listing, context));
  return 0;
}

}  // namespace

extern const Command effects_show_command{
    .name = "effects show",
    .summary = "everything about one effect: its knobs and how matching uses them",
    .description =
        "Shows what an effect says about itself and every knob with its range, default and choices, and what matching "
        "does with it: search it, or leave it where it is, and why. That comes from the effect's profile, which "
        "'soundalike effects probe' measures; without one, from the plugin's own description.",
    .positionals = positionals,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
