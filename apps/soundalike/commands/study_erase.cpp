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
    {.name = "session", .help = "the listener's code"},
};
constexpr Example examples[] = {
    {"soundalike study erase overdrive-study 7k3m9w2qd5x8r1t4v6zb", "a listener wants to be forgotten"},
    {"soundalike study erase overdrive-study 7k3m9w2qd5x8r1t4v6zb --json", "the same for a program"},
};

int run(const Arguments& arguments, Context& context) {
  Study study(arguments.text("study"));
  study.erase_session(arguments.text("session"));
  if (context.json()) {
    context.emit({{"erased", arguments.text("session")}});
  } else {
    context.print("erased\n");
  }
  return 0;
}

}  // namespace

extern const Command study_erase_command{
    .name = "study erase",
    .summary = "forget one listener's session",
    .description =
        "Removes everything stored under the code from results.sqlite, its write-ahead log and results.jsonl, for "
        "good. Only "
        "a digest of the code stays, so that it cannot be imported again. Copies elsewhere are yours to find.",
    .positionals = positionals,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
