#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "soundalike/error.hpp"
#include "soundalike/study_stimuli.hpp"
#include "soundalike/webmushra.hpp"
#include "study_report.hpp"

namespace soundalike::cli {
namespace {

namespace fs = std::filesystem;

Words against_words() { return {"target", "reference"}; }

constexpr Positional positionals[] = {
    {.name = "study", .kind = ValueKind::output_file, .help = "the folder to make"},
};
constexpr std::string_view sources = "where the signals come from";
constexpr std::string_view texts = "what listeners are told";
constexpr Option options[] = {
    {.name = "reference",
     .kind = ValueKind::folder,
     .value = "FOLDER",
     .excludes = "evaluation webmushra",
     .group = sources,
     .help = "references, one per trial"},
    {.name = "condition",
     .letter = 'c',
     .kind = ValueKind::assignment,
     .value = "NAME=FOLDER",
     .repeatable = true,
     .excludes = "evaluation webmushra",
     .group = sources,
     .help = "a condition: files named as the references"},
    {.name = "evaluation",
     .kind = ValueKind::folder,
     .value = "RUN",
     .excludes = "webmushra",
     .group = sources,
     .help = "the run folder of an evaluation: the examples it kept"},
    {.name = "system",
     .kind = ValueKind::text,
     .value = "NAME",
     .repeatable = true,
     .group = sources,
     .help = "of an evaluation: only this system; default: all"},
    {.name = "against",
     .kind = ValueKind::choice,
     .value = "FILE",
     .fallback = "target",
     .choices = against_words,
     .group = sources,
     .help = "of an evaluation: the reference of the test, what systems were to sound like or what they were shown"},
    {.name = "webmushra",
     .kind = ValueKind::input_file,
     .value = "FILE.yaml",
     .group = sources,
     .help = "a test of webMUSHRA"},
    {.name = "root",
     .kind = ValueKind::folder,
     .value = "FOLDER",
     .group = sources,
     .help = "where the paths of a webMUSHRA test start; default: two folders above the file"},
    {.name = "training",
     .kind = ValueKind::text,
     .value = "TRIAL",
     .repeatable = true,
     .group = sources,
     .help = "practise on this trial instead of counting it"},
    {.name = "anchor",
     .kind = ValueKind::text,
     .value = "CONDITION",
     .repeatable = true,
     .group = sources,
     .help = "a condition that is an anchor of your own, such as random settings"},
    {.name = "kind",
     .kind = ValueKind::choice,
     .value = "KIND",
     .fallback = "mushra",
     .choices = trial_kinds,
     .help = "how listeners are asked"},
    {.name = "scale",
     .kind = ValueKind::text,
     .value = "STEP",
     .repeatable = true,
     .help = "of likert: what a step is called, lowest first"},
    {.name = "lufs",
     .kind = ValueKind::number,
     .value = "LUFS",
     .fallback = "-23",
     .minimum = -60,
     .maximum = -5,
     .help = "loudness of all signals; less where true peaks would pass -1 dBTP"},
    {.name = "no-align", .help = "leave the loudness as it is"},
    {.name = "seconds",
     .kind = ValueKind::number,
     .value = "S",
     .minimum = 0.5,
     .maximum = 600,
     .unit = "s",
     .help = "use the first so many seconds only"},
    {.name = "no-anchor35", .help = "no anchor of 3.5 kHz; then it is MUSHRA-style, not MUSHRA"},
    {.name = "no-anchor70", .help = "no anchor of 7 kHz, as below a rate of 16 kHz; the same holds"},
    {.name = "order",
     .kind = ValueKind::choice,
     .value = "ORDER",
     .fallback = "random",
     .choices = trial_orders,
     .help = "of trials; latin: a balanced Latin square over sessions"},
    {.name = "seed", .kind = ValueKind::integer, .value = "N", .fallback = "1", .minimum = 0, .help = "of all orders"},
    {.name = "name",
     .kind = ValueKind::text,
     .value = "NAME",
     .group = texts,
     .help = "in addresses and results; default: the folder's name"},
    {.name = "title", .kind = ValueKind::text, .value = "TEXT", .group = texts, .help = "above the first page"},
    {.name = "attribute",
     .kind = ValueKind::text,
     .value = "TEXT",
     .group = texts,
     .help = "what is judged: one thing"},
    {.name = "prompt",
     .kind = ValueKind::text,
     .value = "TEXT",
     .group = texts,
     .help = "the question above every trial"},
    {.name = "consent",
     .kind = ValueKind::input_file,
     .value = "FILE",
     .group = texts,
     .help = "what listeners agree to; the text that is there otherwise is a beginning"},
};
constexpr Example examples[] = {
    {"soundalike study new demo-study --reference clean -c ours=outputs/ours -c theirs=outputs/theirs --training intro",
     "a MUSHRA test from folders of equally named files; intro.wav is for practice"},
    {"soundalike study new demo-study --evaluation run --system soundalike --system random --anchor random",
     "from the examples of an evaluation, with random settings as an anchor"},
    {"soundalike study new demo-study --kind abx -c dry=dry -c wet=wet", "can the difference be heard?"},
    {"soundalike study new demo-study --webmushra configs/demo.yaml", "a test made for webMUSHRA"},
};

std::string file_text(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorCode::not_found, fmt::format("cannot read '{}': no such file", file));
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Plan {
  StudyDefinition study;
  std::vector<StudyItem> items;
  StimuliOptions options;
};

StimuliOptions options_of(const Arguments& arguments) {
  StimuliOptions result;
  result.kind = parse_trial_kind(arguments.text("kind"));
  result.anchor35 = !arguments.given("no-anchor35");
  result.anchor70 = !arguments.given("no-anchor70");
  result.align = !arguments.given("no-align");
  result.lufs = arguments.number("lufs");
  result.seconds = arguments.maybe_number("seconds");
  result.scale = arguments.all("scale");
  result.extra_anchors = arguments.all("anchor");
  return result;
}

Plan plan_of(const Arguments& arguments, Context& context) {
  Plan plan{.study = {}, .items = {}, .options = options_of(arguments)};
  plan.study = default_study(plan.options.kind);
  if (arguments.given("webmushra")) {
    const fs::path file = fs::absolute(arguments.text("webmushra"));
    const fs::path root = arguments.given("root") ? fs::path(arguments.text("root")) : file.parent_path().parent_path();
    const WebMushraTest test = read_webmushra(file, root);
    for (const std::string& page : test.ignored) context.warn(fmt::format("left out: {}", page));
    StudyDefinition study = test.study;
    if (study.consent.empty()) study.consent = plan.study.consent;
    if (study.instructions.empty()) study.instructions = plan.study.instructions;
    study.prompt = plan.study.prompt;
    plan.study = std::move(study);
    plan.items = test.items;
    plan.options.anchor35 = test.options.anchor35 && plan.options.anchor35;
    plan.options.anchor70 = test.options.anchor70 && plan.options.anchor70;
    plan.options.align = false;
  } else if (arguments.given("evaluation")) {
    plan.items = items_of_evaluation(arguments.text("evaluation"), arguments.all("system"), arguments.text("against"));
  } else {
    std::vector<std::pair<std::string, fs::path>> conditions;
    for (const auto& [name, folder] : arguments.assignments("condition")) conditions.emplace_back(name, folder);
    if (conditions.empty()) {
      throw Error(ErrorCode::invalid_argument,
                  "no signals were named; give --condition NAME=FOLDER, --evaluation RUN or --webmushra FILE");
    }
    plan.items = items_of_folders(arguments.text("reference"), conditions);
  }
  for (const std::string& id : arguments.all("training")) {
    const auto found = std::ranges::find(plan.items, id, &StudyItem::id);
    if (found == plan.items.end()) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("there is no trial '{}' to practise on; the first is '{}'", id, plan.items.at(0).id));
    }
    found->training = true;
  }
  return plan;
}

void tell(StudyDefinition& study, const Arguments& arguments) {
  const fs::path folder = fs::path(arguments.text("study"));
  const std::string base = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
  if (study.name.empty()) study.name = base;
  study.seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  study.order = parse_trial_order(arguments.text("order"));
  if (arguments.given("name")) study.name = arguments.text("name");
  if (arguments.given("title")) study.title = arguments.text("title");
  if (arguments.given("attribute")) study.attribute = arguments.text("attribute");
  if (arguments.given("prompt")) study.prompt = arguments.text("prompt");
  if (arguments.given("consent")) study.consent = file_text(arguments.text("consent"));
}

int run(const Arguments& arguments, Context& context) {
  const std::string folder = arguments.text("study");
  Plan plan = plan_of(arguments, context);
  tell(plan.study, arguments);
  const auto study = build_study(folder, plan.study, plan.items, plan.options, context.progress(), context.stop());
  context.clear_progress();
  const auto findings = lint(study, folder);
  if (context.json()) {
    context.emit({{"folder", folder},
                  {"study", study.name},
                  {"trials", study.trials.size()},
                  {"conditions", study.conditions.size()},
                  {"findings", findings_json(findings)}});
    return 0;
  }
  context.print(fmt::format("{}: {} trials of {} signals\n", folder, study.trials.size(),
                            study.trials.empty() ? 0 : study.trials[0].signals.size()));
  if (!context.quiet()) print_findings(findings, context);
  return 0;
}

}  // namespace

extern const Command study_new_command{
    .name = "study new",
    .summary = "make a listening test from recordings",
    .description =
        "Brings all signals of a trial to one loudness, makes the low-pass anchors of ITU-R BS.1534-3, and writes them "
        "with study.toml into a new folder, which people may edit: texts, questions, trials (docs/formats.md). Signals "
        "of a trial must be alike in rate, length and channels. Then it says what the standard would have "
        "otherwise.\n\n"
        "Nothing that a listener's browser gets names a condition or a file.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
