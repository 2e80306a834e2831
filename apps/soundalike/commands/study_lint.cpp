#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "soundalike/error.hpp"
#include "study_report.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "study", .kind = ValueKind::folder, .help = "a folder with a study.toml"},
};
constexpr Example examples[] = {
    {"soundalike study lint overdrive-study", "before listeners' time is spent on it"},
    {"soundalike study lint overdrive-study --json", "the same for a program"},
};

int run(const Arguments& arguments, Context& context) {
  const std::string folder = arguments.text("study");
  const StudyDefinition study = read_study(folder);
  const auto findings = lint(study, folder);
  const auto errors = std::ranges::count_if(findings, &LintFinding::error);
  if (context.json()) {
    context.emit({{"study", study.name}, {"errors", errors}, {"findings", findings_json(findings)}});
  } else {
    print_findings(findings, context);
    context.print(fmt::format("{} trials, {} conditions: {} errors, {} warnings\n", study.trials.size(),
                              study.conditions.size(), errors, static_cast<std::ptrdiff_t>(findings.size()) - errors));
  }
  return errors == 0 ? 0 : exit_status(ErrorCode::invalid_argument);
}

}  // namespace

extern const Command study_lint_command{
    .name = "study lint",
    .summary = "check a listening test against the rules of ITU-R BS.1534-3",
    .description =
        "Reads study.toml and every signal. Errors make the test impossible: signals of a trial that differ in rate, "
        "length or channels, silence, less than half a second, more than twelve signals, a hidden reference that is "
        "none. "
        "Warnings are what the standard asks for and the report will say: hidden reference and both anchors, training, "
        "enough excerpts, lengths, loudness.",
    .positionals = positionals,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
