#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "context.hpp"
#include "soundalike/error.hpp"
#include "soundalike/evaluation_report.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "protocol", .kind = ValueKind::input_file, .help = "a TOML file: docs/formats.md describes its keys"},
};
constexpr Option options[] = {
    {.name = "output",
     .letter = 'o',
     .kind = ValueKind::folder,
     .value = "FOLDER",
     .required = true,
     .help = "the run's folder; one that holds part of this run is gone on with"},
    {.name = "data",
     .letter = 'd',
     .kind = ValueKind::folder,
     .value = "FOLDER",
     .repeatable = true,
     .help = "recordings, in place of the protocol's folders"},
    {.name = "pairs",
     .kind = ValueKind::integer,
     .value = "N",
     .minimum = 1,
     .maximum = 1000000,
     .help = "pairs per case, in place of the protocol's"},
};
constexpr Example examples[] = {
    {"soundalike evaluate run bench/protocols/quick.toml -d recordings -o quick", "minutes; quick/report.html to read"},
    {"soundalike evaluate run mine.toml -o mine --jobs 8", "again after Ctrl-C, a crash or a power cut: goes on"},
};

// Failures that happened on every pair are rather a mistake in the protocol.
void warn_of_failures(const Evaluation& evaluation, const std::vector<CaseSummary>& summaries, Context& context) {
  for (const auto& summary : summaries) {
    if (summary.skipped > 0) {
      context.warn(fmt::format("{}: the maker gave nothing to match on {} pairs", summary.name, summary.skipped));
    }
    for (const auto& system : summary.systems) {
      if (system.failed == 0) continue;
      const auto failed = [&](const PairRecord& record) {
        return std::ranges::find_if(
            record.systems, [&](const SystemRecord& s) { return s.system == system.system && !s.failure.empty(); });
      };
      for (const PairRecord& record : evaluation.records) {
        const auto first = failed(record);
        const bool here = summary.name == "all" || evaluation.cases[record.item].name == summary.name;
        if (first == record.systems.end() || !here) continue;
        context.warn(fmt::format("{}: {} failed on {} of {} pairs, first on {}: {}", summary.name, system.system,
                                 system.failed, summary.pairs, record.recording, first->failure));
        break;
      }
    }
  }
}

int run(const Arguments& arguments, Context& context) {
  Protocol protocol = read_protocol(arguments.text("protocol"));
  if (arguments.given("data")) {
    const auto folders = arguments.all("data");
    protocol.data.assign(folders.begin(), folders.end());
  }
  if (const auto pairs = arguments.maybe_integer("pairs")) protocol.pairs = static_cast<std::size_t>(*pairs);
  const std::filesystem::path folder = arguments.text("output");
  const EffectLibrary library;
  EvaluateOptions evaluating;
  evaluating.threads = context.jobs();
  evaluating.remark = [&](const std::string& what) { context.warn(what); };
  const std::string name = std::filesystem::path(arguments.text("protocol")).filename().string();
  const Evaluation evaluation = run_evaluation(protocol, folder, library, evaluating, "soundalike evaluate run " + name,
                                               context.progress(), context.stop());
  context.clear_progress();
  if (evaluation.stopped) {
    context.warn(fmt::format("stopped after {} pairs; the same command goes on with '{}'", evaluation.records.size(),
                             folder.string()));
    return exit_status(ErrorCode::cancelled);
  }
  const auto summaries = summarise(evaluation, views(evaluation).front());
  warn_of_failures(evaluation, summaries, context);
  context.print(to_markdown(evaluation, summaries));
  context.print(fmt::format("\n{}\n{}\n", (folder / "report.html").string(), evaluation.times.text()));
  if (context.json()) {
    nlohmann::ordered_json document = nlohmann::ordered_json::parse(to_json(evaluation, summarise_all(evaluation)));
    document["folder"] = folder.string();
    document["useful_share"] = evaluation.times.useful_share();
    context.emit(document);
  }
  return 0;
}

}  // namespace

extern const Command evaluate_run_command{
    .name = "evaluate run",
    .summary = "measure systems as a protocol says, and write a report",
    .description =
        "Runs every system of the protocol on every pair of recordings, measures the outputs with every metric, and "
        "writes into the folder: results.csv and knobs.csv (a row per number), results.json (means, intervals, paired "
        "tests) and report.html (tables, box plots, players; needs nothing else to be read). Every finished pair is on "
        "the disk at once: a run that was stopped or killed goes on where it was and ends with the same numbers. "
        "Recordings that a model was trained on are refused.\n\n"
        "Outside programs take part by a command line with {input}, {reference} and {output}, or by a folder of "
        "outputs.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
