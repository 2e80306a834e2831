#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/study.hpp"
#include "soundalike/study_analysis.hpp"
#include "soundalike/webmushra.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "study",
     .kind = ValueKind::input_file,
     .help =
         "a study's folder, grades that --grades wrote, or a table of webMUSHRA (mushra, paired_comparison, lms, lss)"},
};
constexpr std::string_view foreign = "results of webMUSHRA";
constexpr Option options[] = {
    {.name = "html",
     .kind = ValueKind::output_file,
     .value = "FILE",
     .help = "write the report as one page with charts"},
    {.name = "grades", .kind = ValueKind::output_file, .value = "FILE", .help = "write every grade, one CSV row each"},
    {.name = "choices",
     .kind = ValueKind::output_file,
     .value = "FILE",
     .help = "write every choice of paired comparison and ABX"},
    {.name = "answers", .kind = ValueKind::output_file, .value = "FILE", .help = "write the questionnaires' answers"},
    {.name = "no-screening", .help = "leave nobody out; for comparison only"},
    {.name = "seed",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "1",
     .minimum = 0,
     .help = "of bootstrap, permutations and power"},
    {.name = "resamples",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "10000",
     .minimum = 100,
     .maximum = 1000000,
     .help = "of the bootstrap over listeners"},
    {.name = "permutations",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "10000",
     .minimum = 100,
     .maximum = 1000000,
     .help = "of the permutation test; BS.1534-3 asks for 10000"},
    {.name = "power",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "500",
     .minimum = 0,
     .maximum = 100000,
     .help = "simulated studies per power; 0: no power"},
    {.name = "split-by",
     .kind = ValueKind::text,
     .value = "QUESTION",
     .fallback = "device",
     .help = "tell listeners apart by what they answered to this question"},
    {.name = "training",
     .kind = ValueKind::text,
     .value = "TRIAL",
     .repeatable = true,
     .group = foreign,
     .help = "this trial was practice and does not count"},
    {.name = "anchor",
     .kind = ValueKind::text,
     .value = "CONDITION",
     .repeatable = true,
     .group = foreign,
     .help = "this condition is an anchor beyond the standard's"},
};
constexpr Example examples[] = {
    {"soundalike study report overdrive-study --html report.html --grades grades.csv", "the whole analysis"},
    {"soundalike study report grades.csv", "the same numbers, by anyone who has the table"},
    {"soundalike study report mushra.csv --anchor random --training trial_training", "of a test that webMUSHRA ran"},
};

StudyResults results_of(const Arguments& arguments) {
  const std::filesystem::path path = arguments.text("study");
  if (std::filesystem::is_directory(path)) {
    for (const char* name : {"training", "anchor"}) {
      if (arguments.given(name)) {
        throw Error(ErrorCode::invalid_argument,
                    fmt::format("--{} is for results of webMUSHRA; study.toml says it of a study", name));
      }
    }
    return Study(path).results();
  }
  if (std::filesystem::exists(path) && is_grades_csv(path)) return read_grades_csv(path);
  WebMushraCsvOptions csv;
  csv.training = arguments.all("training");
  for (const std::string& name : arguments.all("anchor")) csv.roles[name] = ConditionRole::anchor;
  return read_webmushra_csv(path, csv);
}

int run(const Arguments& arguments, Context& context) {
  for (const char* file : {"html", "grades", "choices", "answers"}) {
    if (arguments.given(file)) check_writable(arguments.text(file));
  }
  const StudyResults results = results_of(arguments);
  AnalysisOptions analysis_options;
  analysis_options.screening = !arguments.given("no-screening");
  analysis_options.seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  analysis_options.resamples = static_cast<std::size_t>(arguments.integer("resamples"));
  analysis_options.permutations = static_cast<std::size_t>(arguments.integer("permutations"));
  analysis_options.power_simulations = static_cast<std::size_t>(arguments.integer("power"));
  analysis_options.split_by = arguments.text("split-by");
  const auto write = [&](const char* option, const std::string& content) {
    if (arguments.given(option)) write_file(arguments.text(option), content);
  };
  write("grades", grades_csv(results));
  write("choices", choices_csv(results));
  write("answers", answers_csv(results));
  const StudyAnalysis analysis = analyse_study(results, analysis_options);
  write("html", to_html(analysis));
  if (context.json()) {
    context.emit(nlohmann::ordered_json::parse(to_json(analysis)));
  } else {
    context.print(to_text(analysis));
  }
  return 0;
}

}  // namespace

extern const Command study_report_command{
    .name = "study report",
    .summary = "analyse a listening test",
    .description =
        "Post-screening by the rules of ITU-R BS.1534-3, with who was left out and why; medians and IQR; means with 95 "
        "% "
        "intervals by bootstrap over listeners; Friedman's test, analysis of variance within listeners with "
        "Huynh-Feldt's "
        "and Greenhouse-Geisser's corrections; every pair by Wilcoxon's signed rank (Holm) and by a permutation test "
        "of "
        "the median (Hochberg), with effect sizes; item by item; power. Paired comparisons by sign test over "
        "listeners, "
        "ABX against guessing. Practice never counts, untouched signals have no grade, outliers are shown and kept.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
