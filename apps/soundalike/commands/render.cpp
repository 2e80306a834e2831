#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "audit_report.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "recipe_report.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/error.hpp"
#include "soundalike/matcher.hpp"
#include "soundalike/preset.hpp"
#include "soundalike/recipe.hpp"
#include "soundalike/settings_space.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "input", .kind = ValueKind::input_file, .help = "the recording: WAV, FLAC, Ogg/Opus, MP3, AIFF"},
};
constexpr Option options[] = {
    output_option("where to write, .wav or .flac"),
    {.name = "recipe",
     .letter = 'r',
     .kind = ValueKind::input_file,
     .value = "FILE",
     .excludes = "effect settings",
     .help = "repeat a match: effects, settings, levels and mix from the recipe it wrote"},
    effects_option("an effect; several make a chain, in this order", false),
    {.name = "preset",
     .letter = 'p',
     .kind = ValueKind::input_file,
     .value = "PRESET",
     .repeatable = true,
     .excludes = "recipe effect",
     .help = "an effect with the settings of a preset, as match writes it or a host; several make a chain"},
    settings_option(
        "a knob, in its own unit: drive=0.3, cutoff='250 Hz', mode=Slow, mix=50%; the others stay at their defaults"),
    {.name = "loudness",
     .kind = ValueKind::number,
     .value = "LUFS",
     .minimum = -70,
     .maximum = 0,
     .unit = "LUFS",
     .help = "bring the output to this loudness, true peaks at most -1 dBTP"},
    sample_format_option,
};
constexpr Example examples[] = {
    {"soundalike render vocal.wav --recipe out.recipe.json -o again.wav", "repeat a match exactly"},
    {"soundalike render other.flac --recipe out.recipe.json -o other-too.flac",
     "the same treatment for another recording"},
    {"soundalike render dry.wav -e 'MDA Overdrive' -s drive=70% -o driven.wav", "one effect by hand"},
    {"soundalike render dry.wav --preset vocal.preset.lv2 -o wet.wav", "one effect by its preset"},
};

// A chain at its profiles' settings, with the given knobs.
Recipe recipe_by_hand(const std::vector<EffectListing>& chain, const Arguments& arguments) {
  Matcher matcher(chain);
  MatchOptions match_options;
  match_options.pinned = arguments.assignments("settings");
  Match match;
  match.used_settings = matcher.space(match_options).base();
  return matcher.recipe(match, match_options, {48000.0},
                        1);  // rate and channels are the file's own when it is rendered
}

/// The effects and settings of presets, with the given knobs.
Recipe recipe_by_presets(std::vector<EffectListing>& chain, const EffectLibrary& library, const Arguments& arguments,
                         SampleRate rate) {
  std::vector<float> settings;
  for (const std::string& file : arguments.all("preset")) {
    const Preset preset = read_preset(file);
    try {
      chain.push_back(library.find(preset.effect));
      for (const float setting : preset_settings(preset, chain.back(), rate)) settings.push_back(setting);
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("cannot render with preset '{}': {}", file, error.what()));
    }
  }
  Matcher matcher(chain);
  MatchOptions match_options;
  match_options.pinned = arguments.assignments("settings");
  const SettingsSpace space = matcher.space(match_options);
  for (const auto& [knob, value] : match_options.pinned) {
    const std::size_t index = space.index_of(knob);
    settings[index] = space.base()[index];
  }
  Match match;
  match.used_settings = std::move(settings);
  return matcher.recipe(match, match_options, rate, 1);
}

int run(const Arguments& arguments, Context& context) {
  const bool repeat = arguments.given("recipe");
  if (!repeat && !arguments.given("effect") && !arguments.given("preset")) {
    throw Error(ErrorCode::invalid_argument, "nothing to render with: give --recipe, --effect or --preset");
  }
  const EffectLibrary library;
  std::vector<EffectListing> chain;
  Recipe recipe;
  if (repeat) {
    recipe = read_recipe(arguments.text("recipe"));
    for (const auto& stage : recipe.stages) {
      chain.push_back(library.find(stage.effect));
      if (chain.back().info.version != stage.version) {
        context.warn(fmt::format("the recipe was made with {} version {}, installed is {}: the output may differ",
                                 stage.name, stage.version, chain.back().info.version));
      }
    }
  } else if (arguments.given("preset")) {
    recipe = recipe_by_presets(chain, library, arguments, AudioFileReader(arguments.text("input")).info().sample_rate);
  } else {
    for (const auto& name : arguments.all("effect")) chain.push_back(library.find(name));
    recipe = recipe_by_hand(chain, arguments);
  }
  for (const EffectListing& effect : chain) warn_of_audit(effect, context);
  RenderFileOptions file_options;
  file_options.format = parse_sample_format(arguments.text("format"));
  file_options.target_lufs = arguments.maybe_number("loudness");
  const std::string output = arguments.text("output");
  const RenderedFile rendered =
      render_file(arguments.text("input"), output, recipe, chain, file_options, context.progress(), context.stop());
  context.clear_progress();
  warn_about_level(rendered, context);
  if (context.json()) {
    recipe.output_gain_db = rendered.output_gain_db;
    context.emit({{"file", output},
                  {"output", output_json(rendered)},
                  {"recipe", nlohmann::ordered_json::parse(to_json(recipe))}});
  } else if (!context.quiet()) {
    context.print(output_report(output, rendered));
  }
  return 0;
}

}  // namespace

extern const Command render_command{
    .name = "render",
    .summary = "play a recording through effects, by a recipe or by hand",
    .description =
        "Writes the recording as the effects make it, at its own rate, channels and length, latency removed. The same "
        "input, effects and settings give the same samples, every time. Files of any length are rendered in bounded "
        "memory.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
