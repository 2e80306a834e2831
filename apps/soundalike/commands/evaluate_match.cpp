#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "method_options.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/evaluation_report.hpp"
#include "soundalike/search.hpp"
#include "soundalike/style_distance.hpp"
#include "table.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

using Json = nlohmann::ordered_json;

Words split_names() {
  Words names;
  for (const Split split : splits) names.push_back(to_string(split));
  return names;
}

#define MDA "lv2:http://drobilla.net/plugins/mda/"

// The nine effects of "Style Transfer for Non-differentiable Audio Effects".
constexpr const char* nine_effects[] = {MDA "Overdrive", MDA "Delay",     MDA "Ambience", MDA "RingMod", MDA "Combo",
                                        MDA "Dynamics",  MDA "MultiBand", MDA "ThruZero", MDA "Leslie"};

// The effect that is matched with, and another implementation of its kind that makes the reference.
struct Cross {
  const char* effect;
  const char* maker;
};
constexpr Cross cross_cases[] = {
    {MDA "Overdrive", "lv2:http://guitarix.sourceforge.net/plugins/gxts9#ts9sim"},
    {MDA "Ambience", "lv2:urn:dragonfly:plate"},
    {MDA "Delay", "lv2:http://calf.sourceforge.net/plugins/VintageDelay"},
    {MDA "Dynamics", "lv2:http://gareus.org/oss/lv2/darc#mono"},
    {"lv2:http://calf.sourceforge.net/plugins/MultiChorus",
     "lv2:http://guitarix.sourceforge.net/plugins/gx_chorus_stereo#_chorus_stereo"},
};

constexpr auto own_options = std::to_array<Option>(
    {{.name = "corpus",
      .kind = ValueKind::folder,
      .value = "FOLDER",
      .required = true,
      .help = "recordings; the split of each file is decided by its name alone"},
     effects_option("an effect to match with; default: the nine mda effects of the paper", false),
     {.name = "made-with",
      .kind = ValueKind::effect,
      .value = "EFFECT",
      .repeatable = true,
      .excludes = "cross",
      .help = "the effect that makes the references, one per --effect; default: the same"},
     {.name = "cross",
      .excludes = "effect",
      .help = "references by other implementations of the same kinds: distortion, reverb, delay, compressor, chorus"},
     {.name = "systems",
      .kind = ValueKind::text,
      .value = "NAMES",
      .fallback = "dry,preset,middle,random,neighbour,predict,refined,soundalike,oracle",
      .help = "run only these, separated by commas; what they get does not depend on the others"},
     {.name = "pairs",
      .kind = ValueKind::integer,
      .value = "N",
      .fallback = "50",
      .minimum = 1,
      .maximum = 100000,
      .help = "recordings per effect"},
     {.name = "split",
      .kind = ValueKind::choice,
      .value = "SPLIT",
      .fallback = "test",
      .choices = split_names,
      .help = "report on test only"},
     {.name = "seed",
      .kind = ValueKind::integer,
      .value = "N",
      .fallback = "2026",
      .minimum = 0,
      .help = "of pairs, settings and searches"},
     budget_option("renders per match"),
     {.name = "refine",
      .kind = ValueKind::integer,
      .value = "RENDERS",
      .fallback = "50",
      .minimum = 1,
      .maximum = 1000000,
      .help = "renders of the system that refines the prediction"},
     {.name = "csv", .kind = ValueKind::output_file, .value = "FILE", .help = "write every score, one row each"},
     {.name = "markdown", .kind = ValueKind::output_file, .value = "FILE", .help = "write the tables"},
     {.name = "knobs", .kind = ValueKind::output_file, .value = "FILE", .help = "write how well each knob was found"}});
constexpr auto options = join(own_options, method_options);
constexpr Example examples[] = {
    {"soundalike evaluate match --corpus recordings --csv scores.csv", "the nine effects, 50 pairs each"},
    {"soundalike evaluate match --corpus recordings --cross", "references made with another implementation"},
    {"soundalike evaluate match --corpus recordings --systems dry,preset,predict", "in minutes: no searches"},
    {"soundalike evaluate match --corpus recordings -e 'MDA Delay' --pairs 10 --split validation", "while developing"},
};

std::vector<ProtocolCase> cases_of(const Arguments& arguments) {
  std::vector<ProtocolCase> cases;
  if (arguments.given("cross")) {
    for (const auto& [effect, maker] : cross_cases) cases.push_back({"", {effect}, {maker}});
    return cases;
  }
  auto effects = arguments.all("effect");
  if (effects.empty()) effects.assign(std::begin(nine_effects), std::end(nine_effects));
  const auto makers = arguments.all("made-with");
  if (!makers.empty() && makers.size() != effects.size()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{} --made-with for {} --effect; give one each", makers.size(), effects.size()));
  }
  for (std::size_t i = 0; i < effects.size(); ++i) {
    ProtocolCase& item = cases.emplace_back();
    item.effect = {effects[i]};
    if (!makers.empty()) item.made_with = {makers[i]};
  }
  return cases;
}

Protocol protocol_of(const Arguments& arguments) {
  Protocol protocol;
  protocol.cases = cases_of(arguments);
  protocol.data = {arguments.text("corpus")};
  protocol.split = parse_split(arguments.text("split"));
  protocol.held_out = protocol.split == Split::test;
  const std::string systems = arguments.text("systems");
  for (const std::string_view name : split(systems, ',')) protocol.systems.emplace_back(name);
  protocol.metrics = {"mrstft", "mrstft-original"};
  protocol.pairs = static_cast<std::size_t>(arguments.integer("pairs"));
  protocol.seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  protocol.match.budget = static_cast<std::size_t>(arguments.integer("budget"));
  protocol.match.distance = arguments.text("distance");
  protocol.match.search = arguments.text("search");
  protocol.match.decision = parse_decision(arguments.text("decide"));
  protocol.match.start = parse_start(arguments.text("init"));
  if (arguments.given("controller")) protocol.match.controller = arguments.text("controller");
  protocol.refining_renders = static_cast<std::size_t>(arguments.integer("refine"));
  return protocol;
}

int run(const Arguments& arguments, Context& context) {
  for (const char* file : {"csv", "markdown", "knobs"}) {
    if (arguments.given(file)) check_writable(arguments.text(file));  // told now and not hours later
  }
  const Protocol protocol = protocol_of(arguments);
  system_names(protocol);  // told before the effects are looked for
  const EffectLibrary library;
  EvaluateOptions evaluating;
  evaluating.threads = context.jobs();
  const Evaluation evaluation = evaluate_protocol(protocol, library, evaluating, context.progress(), context.stop());
  context.clear_progress();
  if (evaluation.stopped) context.warn("stopped; the table holds what was finished");
  const std::string table = to_markdown(evaluation);
  if (arguments.given("csv")) write_file(arguments.text("csv"), to_csv(evaluation));
  if (arguments.given("markdown")) write_file(arguments.text("markdown"), table);
  if (arguments.given("knobs")) write_file(arguments.text("knobs"), knobs_to_markdown(evaluation));
  context.print(table);
  if (context.json()) {
    Json document = Json::parse(to_json(evaluation, summarise_all(evaluation)));
    document["stopped"] = evaluation.stopped;
    context.emit(document);
  }
  return evaluation.stopped ? exit_status(ErrorCode::cancelled) : 0;
}

}  // namespace

extern const Command evaluate_match_command{
    .name = "evaluate match",
    .summary = "measure how near matching comes, on held-out recordings",
    .description =
        "Each recording is cut in halves. The effect with hidden random settings makes the reference from one half and "
        "the true target from the other, which is the input. MRSTFT of each system's output against the true target "
        "(auraloss's default, outputs brought to the target's level; lower is better): dry does nothing, preset is the "
        "effect's default, middle every free knob in its middle, random one random setting, neighbour the nearest of "
        "200 random renders, soundalike this program, oracle the same search told the true target. For effects with a "
        "controller, predict is its prediction alone and refined a match from it with few renders, whatever --init "
        "says of soundalike. Gains are paired, with a 95 % bootstrap interval over recordings.",
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
