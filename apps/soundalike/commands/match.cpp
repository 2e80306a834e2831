#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "audit_report.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "method_options.hpp"
#include "new_files.hpp"
#include "recipe_report.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/error.hpp"
#include "soundalike/matcher.hpp"
#include "soundalike/picture.hpp"
#include "soundalike/preset.hpp"
#include "soundalike/search.hpp"
#include "soundalike/style_distance.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr Positional positionals[] = {
    {.name = "input", .kind = ValueKind::input_file, .help = "the recording to change: WAV, FLAC, Ogg/Opus, MP3, AIFF"},
    {.name = "reference",
     .kind = ValueKind::input_file,
     .help = "the recording it shall sound like; other content is fine"},
};
constexpr auto own_options = std::to_array<Option>(
    {effects_option("the effect whose knobs are turned; several make a chain, in this order"),
     {.name = "output",
      .letter = 'o',
      .kind = ValueKind::output_file,
      .value = "FILE",
      .help = "write the result, .wav or .flac, with its recipe and presets beside it; without it, only report"},
     {.name = "choose", .help = "the effects are candidates: match with each alone, rank them, keep the best"},
     budget_option("renders to spend on the search; more is slower and nearer"),
     {.name = "seconds",
      .kind = ValueKind::number,
      .value = "SECONDS",
      .minimum = 0.01,
      .unit = "s",
      .help = "stop the search after this long, keep the best so far"},
     {.name = "amount",
      .letter = 'a',
      .kind = ValueKind::number,
      .value = "PERCENT",
      .fallback = "100",
      .minimum = 0,
      .maximum = 100,
      .unit = "%",
      .help = "how far to go: from the effect's neutral settings, or as wet/dry mix where it has none"},
     settings_option("pin a knob, in its own unit: drive=0.3, cutoff='250 Hz', mode=Slow, mix=50%"),
     {.name = "free",
      .kind = ValueKind::text,
      .value = "KNOB",
      .repeatable = true,
      .help = "search a knob that the effect's profile fixes, choices and switches too"},
     {.name = "seed",
      .kind = ValueKind::integer,
      .value = "N",
      .fallback = "1",
      .minimum = 0,
      .help = "of the search; same seed, same result"},
     {.name = "keep-level", .help = "as loud as the effect makes it; else the output is as loud as the reference"},
     {.name = "input-level",
      .kind = ValueKind::number,
      .value = "LUFS",
      .fallback = "-18",
      .minimum = -60,
      .maximum = 0,
      .unit = "LUFS",
      .help = "loudness that the effect sees; the gain is undone behind it"},
     sample_format_option,
     {.name = "picture",
      .kind = ValueKind::output_file,
      .value = "FILE.png",
      .help = "spectrograms of the first minute: before, after, reference"},
     {.name = "no-refine", .group = "method", .help = "take the controller's prediction as it is, without a search"}});
constexpr auto options = join(own_options, method_options);
constexpr Example examples[] = {
    {"soundalike match vocal.wav reference.flac -e 'MDA Ambience' -o out.wav", "put a vocal into the reference's room"},
    {"soundalike match dry.wav ref.wav -e 'MDA Overdrive' -e 'MDA Delay' -o out.flac", "two effects in series"},
    {"soundalike match dry.wav ref.wav -e 'MDA Combo' --free model --settings stereo=off -o out.wav",
     "search the amplifier model too, keep it mono"},
    {"soundalike match dry.wav ref.wav --choose -e 'MDA Overdrive' -e 'MDA Degrade' -e 'MDA Combo'",
     "which distortion comes nearest?"},
};

MatchOptions parse_options(const Arguments& arguments) {
  MatchOptions result;
  result.budget = static_cast<std::size_t>(arguments.integer("budget"));
  result.seconds = arguments.maybe_number("seconds");
  result.seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  result.distance = arguments.text("distance");
  result.search = arguments.text("search");
  result.decision = parse_decision(arguments.text("decide"));
  result.start = parse_start(arguments.text("init"));
  result.refine = !arguments.given("no-refine");
  if (arguments.given("controller")) result.controller = arguments.text("controller");
  if (result.start != Start::automatic && result.start != Start::predict && (result.controller || !result.refine)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("--init {} makes no use of a controller; leave {} out", arguments.text("init"),
                            result.controller ? "--controller" : "--no-refine"));
  }
  result.pinned = arguments.assignments("settings");
  result.freed = arguments.all("free");
  result.amount = arguments.number("amount") / 100.0;
  result.match_loudness = !arguments.given("keep-level");
  result.input_lufs = arguments.number("input-level");
  return result;
}

void refuse_overwriting(const char* what, const std::string& path, const std::string& input,
                        const std::string& reference) {
  for (const auto& source : {input, reference}) {
    std::error_code ignored;
    if (fs::equivalent(source, path, ignored)) {
      throw Error(ErrorCode::invalid_argument, fmt::format("{} '{}' is the {} itself; give another name", what, path,
                                                           source == input ? "input" : "reference"));
    }
  }
}

// Fail before the search what would fail after it.
void check_output(const std::string& output, const std::string& input, const std::string& reference,
                  std::optional<SampleFormat> format) {
  refuse_overwriting("output", output, input, reference);
  const AudioFileReader reader(input);
  const AudioFileWriter writer(output, reader.info().channels, reader.info().sample_rate, format);  // removed again
}

void check_picture(const std::string& picture, const std::string& output, const std::string& input,
                   const std::string& reference) {
  if (output.empty()) throw Error(ErrorCode::invalid_argument, "--picture shows the output; give --output too");
  if (fs::path(picture).extension() != ".png") {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot write picture '{}': only PNG is; end the name in .png", picture));
  }
  refuse_overwriting("picture", picture, input, reference);
  check_writable(picture);
}

// "out.wav" -> "out.recipe.json", and so on.
fs::path beside(const fs::path& output, const std::string& ending) {
  return output.parent_path() / (output.stem().string() + ending);
}

struct Candidate {
  Matcher matcher;
  Match match;
};

std::string chain_name(const std::vector<EffectListing>& chain) {
  std::string name;
  for (const auto& listing : chain) name += (name.empty() ? "" : " > ") + listing.info.name;
  return name;
}

std::vector<Candidate> match_all(const std::vector<EffectListing>& effects, bool choose, const std::string& input,
                                 const std::string& reference, const MatchOptions& match_options, Context& context) {
  std::vector<std::vector<EffectListing>> chains;
  if (choose) {
    for (const auto& listing : effects) chains.push_back({listing});
  } else {
    chains.push_back(effects);
  }
  std::vector<Matcher> matchers;
  for (auto& chain : chains) {
    matchers.emplace_back(std::move(chain), RendererOptions{.workers = context.jobs()});
    matchers.back().space(match_options);  // a wrong knob of the last candidate is told before the first is searched
  }
  std::vector<Candidate> candidates;
  for (auto& matcher : matchers) {
    if (!candidates.empty() && context.stop().stop_requested()) break;
    try {
      Match match = matcher.match_files(input, reference, match_options, context.progress(), context.stop());
      candidates.push_back({std::move(matcher), std::move(match)});
    } catch (const Error& error) {
      // One candidate that cannot be rendered does not spoil the others.
      const bool effects_fault = error.code() == ErrorCode::plugin_failed;
      if (!effects_fault || matchers.size() == 1) throw;
      context.warn(fmt::format("{}: {}", chain_name(matcher.chain()), error.what()));
    }
  }
  if (candidates.empty()) throw Error(ErrorCode::plugin_failed, "none of the effects could be rendered");
  std::ranges::stable_sort(candidates, {}, [](const Candidate& c) {
    return c.match.kept_dry ? c.match.distance_before : c.match.distance_after;
  });
  return candidates;
}

// A picture has room for a minute; memory has none for hours.
AudioBuffer read_beginning(const std::string& path) {
  constexpr double most_seconds = 60.0;
  AudioFileReader reader(path);
  const AudioFileInfo& info = reader.info();
  return reader.read(std::min(info.frames, static_cast<std::size_t>(most_seconds * info.sample_rate.hz)));
}

void write_picture(const std::string& path, const std::string& input, const std::string& output,
                   const std::string& reference) {
  const AudioBuffer before = read_beginning(input);
  const AudioBuffer after = read_beginning(output);
  const AudioBuffer target = read_beginning(reference);
  write_spectrogram_picture(path, {{"before", before}, {"after", after}, {"reference", target}});
}

std::vector<fs::path> write_presets(const fs::path& output, const Recipe& recipe,
                                    const std::vector<EffectListing>& chain, NewFiles& new_files) {
  std::vector<fs::path> bundles;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const std::string number = chain.size() > 1 ? fmt::format(".{}", i + 1) : "";
    const fs::path bundle = beside(output, number + std::string(preset_suffix(chain[i])));
    Recipe one = recipe;
    one.stages = {recipe.stages[i]};
    new_files.add(bundle);
    write_preset(bundle, chain[i], recipe_settings(one, std::span(&chain[i], 1)), {recipe.sample_rate},
                 output.stem().string());
    bundles.push_back(bundle);
  }
  return bundles;
}

// Those that an earlier match left beside this output would pass for this one's.
void remove_other_presets(const fs::path& output, const std::vector<fs::path>& written) {
  for (std::size_t i = 0, missing = 0; missing == 0; ++i) {
    missing = i > 0;
    for (const std::string_view suffix : preset_suffixes()) {
      const fs::path preset = beside(output, (i == 0 ? "" : fmt::format(".{}", i)) + std::string(suffix));
      if (!fs::exists(preset)) continue;
      missing = 0;
      if (std::ranges::count(written, preset) == 0) remove_preset(preset, output.stem().string());
    }
  }
}

int run(const Arguments& arguments, Context& context) {
  const std::string input = arguments.text("input");
  const std::string reference = arguments.text("reference");
  const std::string output = arguments.text("output");
  const auto format = parse_sample_format(arguments.text("format"));
  const MatchOptions match_options = parse_options(arguments);
  const bool choose = arguments.given("choose");
  if (arguments.given("picture")) check_picture(arguments.text("picture"), output, input, reference);
  if (!output.empty()) check_output(output, input, reference, format);

  const EffectLibrary library;
  std::vector<EffectListing> effects;
  for (const auto& name : arguments.all("effect")) effects.push_back(library.find(name));
  for (const EffectListing& effect : effects) warn_of_audit(effect, context);
  const auto candidates = match_all(effects, choose, input, reference, match_options, context);
  context.clear_progress();
  const Candidate& best = candidates.front();
  const Match& match = best.match;

  const AudioFileInfo info = AudioFileReader(input).info();
  Recipe recipe = best.matcher.recipe(match, match_options, info.sample_rate, info.channels);
  recipe.input = fs::path(input).filename().string();
  recipe.reference = fs::path(reference).filename().string();

  Json json{{"input", input}, {"reference", reference}};
  std::string text;
  if (choose) {
    Table ranking({{"rank", true}, {"effect"}, {"distance", true}});
    Json ranked = Json::array();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const Match& m = candidates[i].match;
      std::string name = chain_name(candidates[i].matcher.chain());
      const auto namesakes = std::ranges::count_if(
          candidates, [&](const Candidate& other) { return chain_name(other.matcher.chain()) == name; });
      if (namesakes > 1) {  // one effect in several formats
        const std::string& id = candidates[i].matcher.chain().front().info.id;
        name += fmt::format(" ({})", id.substr(0, id.find(':')));
      }
      ranking.add({fmt::format("{}", i + 1), name,
                   fmt::format("{:.3f}{}", m.distance_after, m.kept_dry ? " (no nearer than dry)" : "")});
      ranked.push_back({{"effect", candidates[i].matcher.chain().front().info.id},
                        {"name", name},
                        {"distance", m.distance_after},
                        {"kept_dry", m.kept_dry}});
    }
    text += ranking.text(context.width(), context.colored()) + "\n";
    json["ranking"] = std::move(ranked);
  }

  json["kept_dry"] = match.kept_dry;
  json["stopped"] = match.stopped;
  json["distance"] = {
      {"name", match_options.distance}, {"before", match.distance_before}, {"after", match.distance_after}};
  if (!match.controller.empty()) {
    json["prediction"] = {
        {"controller", match.controller}, {"digest", match.controller_digest}, {"settings", match.predicted_settings}};
    if (match.predicted_distance) json["prediction"]["distance"] = *match.predicted_distance;
  }
  json["renders"] = match.renders;
  json["failed_renders"] = match.failed_renders;
  json["profile"] = {{"wall_seconds", match.profile.wall_seconds},
                     {"predict_seconds", match.profile.predict_seconds},
                     {"plugin_share", match.profile.plugin_share},
                     {"describe_share", match.profile.describe_share}};
  text +=
      knob_table(recipe, best.matcher.space(match_options), match.settings).text(context.width(), context.colored());
  const std::string predicted =
      match.predicted_distance ? fmt::format("{:.3f} predicted, ", *match.predicted_distance) : "";
  text += fmt::format("\ndistance  {:.3f} before, {}{:.3f} after ({} render{} in {:.1f} s)\n", match.distance_before,
                      predicted, match.kept_dry ? match.distance_before : match.distance_after, match.renders,
                      match.renders == 1 ? "" : "s", match.profile.wall_seconds);
  text += fmt::format("time      {:.0f} % of all cores' time inside plugins, {:.0f} % in the style distance\n",
                      100.0 * match.profile.plugin_share, 100.0 * match.profile.describe_share);
  if (match.kept_dry) {
    const std::string name = chain_name(best.matcher.chain());
    context.warn(
        match.nearest_distance < match.distance_before * 0.999
            ? fmt::format("some settings of {} come nearer ({:.3f}) to the reference than the input already is "
                          "({:.3f}), but doing nothing is less wrong to be expected; the dry signal is kept "
                          "(--decide nearest takes the nearest)",
                          name, match.nearest_distance, match.distance_before)
            : fmt::format("no setting of {} comes nearer to the reference ({:.3f}) than the input already is "
                          "({:.3f}); the dry signal is kept",
                          name, match.nearest_distance, match.distance_before));
  }
  if (!match.kept_dry && match.distance_after > match.distance_before) {
    context.warn(
        fmt::format("the nearest settings ({:.3f}) look like chance, and those taken, the least wrong to be "
                    "expected, measure further away than the input ({:.3f}); compare by ear (--decide nearest "
                    "takes the nearest)",
                    match.nearest_distance, match.distance_before));
  }
  if (match.failed_renders > 0) {
    context.warn(fmt::format("{} of {} renders failed and were left out; the first: {}", match.failed_renders,
                             match.renders, match.first_failure));
  }
  if (match.stopped) context.warn(fmt::format("stopped after {} renders; the best so far is kept", match.renders));

  if (!output.empty()) {
    RenderFileOptions file_options;
    file_options.format = format;
    if (match_options.match_loudness) file_options.target_lufs = match.reference_lufs;
    NewFiles new_files;
    new_files.add(output);
    // The first Ctrl-C ended the search; what it found is still written. The second ends the program.
    const RenderedFile rendered =
        render_file(input, output, recipe, best.matcher.chain(), file_options, context.progress());
    context.clear_progress();
    recipe.output_gain_db = rendered.output_gain_db;
    const fs::path recipe_path = beside(output, ".recipe.json");
    new_files.add(recipe_path);
    write_file(recipe_path, to_json(recipe));
    Json files{{"audio", output}, {"recipe", recipe_path.string()}, {"presets", Json::array()}};
    text += output_report(output, rendered);
    text += fmt::format("recipe    {}\n", recipe_path.string());
    std::vector<fs::path> bundles;
    if (!match.kept_dry) bundles = write_presets(output, recipe, best.matcher.chain(), new_files);
    for (const auto& bundle : bundles) {
      text += fmt::format("preset    {}\n", bundle.string());
      files["presets"].push_back(bundle.string());
    }
    if (arguments.given("picture")) {
      new_files.add(arguments.text("picture"));
      write_picture(arguments.text("picture"), input, output, reference);
      text += fmt::format("picture   {}\n", arguments.text("picture"));
      files["picture"] = arguments.text("picture");
    }
    new_files.keep();
    remove_other_presets(output, bundles);
    warn_about_level(rendered, context);
    json["output"] = output_json(rendered);
    json["files"] = std::move(files);
  }
  json["recipe"] = Json::parse(to_json(recipe));
  if (context.json()) {
    context.emit(json);
  } else {
    context.print(text);
  }
  return match.stopped && context.stop().stop_requested() ? exit_status(ErrorCode::cancelled) : 0;
}

}  // namespace

extern const Command match_command{
    .name = "match",
    .summary = "make a recording sound like a reference by turning an effect's knobs",
    .description =
        "Searches the settings with which the effect, or the chain of effects, brings the input nearest to the "
        "reference, and writes the processed audio at the input's own rate, channels and length, a recipe that repeats "
        "it bit for bit (soundalike render --recipe), and a preset per effect as its format has them: an LV2 bundle "
        "(put the folder into ~/.lv2), a .vstpreset of VST3, else JSON; soundalike render --preset takes each.\n\n"
        "The reference may hold other content: another sentence, another bar. Long files are analysed in their most "
        "informative excerpts. For an effect that has a controller its prediction comes first, in milliseconds, and "
        "the "
        "renders are spent near it. Knobs that an effect's profile fixes stay where they are unless --free names them. "
        "When "
        "no setting comes nearer than the input already is, the dry signal is kept and a warning says so.\n\n"
        "Ctrl-C ends the search and keeps the best so far; a second one ends the program.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
