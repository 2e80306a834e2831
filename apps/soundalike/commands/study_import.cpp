#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "soundalike/study.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "study", .kind = ValueKind::folder, .help = "a study's folder"},
    {.name = "file", .kind = ValueKind::input_file, .help = "results.jsonl, or what a listener downloaded"},
};
constexpr Example examples[] = {
    {"soundalike study import overdrive-study answers.json", "a listener finished when the server was gone"},
    {"soundalike study import overdrive-study backup/results.jsonl", "the database was lost"},
};

int run(const Arguments& arguments, Context& context) {
  Study study(arguments.text("study"));
  const AppendResult result = study.import(arguments.text("file"));
  if (context.json()) {
    context.emit(nlohmann::ordered_json::parse(to_json(result)));
    return 0;
  }
  context.print(fmt::format("{} events new, {} were there already, {} cannot be used\n", result.accepted,
                            result.repeated, result.refused.size()));
  for (const auto& [seq, reason] : result.refused) context.warn(reason);
  return 0;
}

}  // namespace

extern const Command study_import_command{
    .name = "study import",
    .summary = "take results back that did not reach the server",
    .description =
        "Adds events from a listener's download, or everything from the mirror results.jsonl. What is there already "
        "stays "
        "as it is, so importing twice is harmless. Erased sessions do not come back.",
    .positionals = positionals,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
