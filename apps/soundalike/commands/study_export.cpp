#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/study.hpp"
#include "soundalike/webmushra.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "study", .kind = ValueKind::folder, .help = "a study's folder"},
};
constexpr Option options[] = {
    {.name = "session",
     .kind = ValueKind::text,
     .value = "CODE",
     .help = "everything stored under one listener's code, as JSON"},
    {.name = "webmushra-csv",
     .kind = ValueKind::output_file,
     .value = "FILE",
     .help = "write the grades as webMUSHRA does, for scripts made for it"},
    {.name = "webmushra-yaml", .kind = ValueKind::output_file, .value = "FILE", .help = "write the test for webMUSHRA"},
    {.name = "prefix",
     .kind = ValueKind::text,
     .value = "PATH",
     .fallback = "configs/resources",
     .help = "of the signals' paths in that file, from webMUSHRA's folder"},
};
constexpr Example examples[] = {
    {"soundalike study export overdrive-study", "which sessions there are, and how far they came"},
    {"soundalike study export overdrive-study --session 7k3m9w2qd5x8r1t4v6zb", "what a listener asks for"},
    {"soundalike study export overdrive-study --webmushra-csv mushra.csv", "for scripts made for webMUSHRA"},
};

void list(const Study& study, Context& context) {
  auto sessions = nlohmann::ordered_json::array();
  Table table({{"session"}, {"stage"}, {"pages", true}, {"of", true}});
  for (const std::string& code : study.sessions()) {
    const SessionState state = study.state(code);
    const std::string stage(to_string(state.stage));
    sessions.push_back(
        {{"session", code}, {"stage", stage}, {"trials_done", state.trials_done}, {"trials", state.trials}});
    table.add({code, stage, std::to_string(state.trials_done), std::to_string(state.trials)});
  }
  if (context.json()) {
    context.emit({{"study", study.definition().name}, {"sessions", std::move(sessions)}});
  } else if (table.empty()) {
    context.print("no sessions yet\n");
  } else {
    context.print(table.text(context.width(), context.colored()));
  }
}

int run(const Arguments& arguments, Context& context) {
  const Study study(arguments.text("study"));
  if (arguments.given("webmushra-csv")) {
    write_file(arguments.text("webmushra-csv"), to_webmushra_csv(study.results()));
  }
  if (arguments.given("webmushra-yaml")) {
    write_file(arguments.text("webmushra-yaml"), to_webmushra_yaml(study.definition(), arguments.text("prefix")));
  }
  if (arguments.given("session")) {
    const std::string document = study.export_session(arguments.text("session"));
    if (context.json()) {
      context.emit(nlohmann::ordered_json::parse(document));
    } else {
      context.print(document);
    }
  } else if (!arguments.given("webmushra-csv") && !arguments.given("webmushra-yaml")) {
    list(study, context);
  }
  return 0;
}

}  // namespace

extern const Command study_export_command{
    .name = "study export",
    .summary = "list sessions, take one out, or write for webMUSHRA",
    .description =
        "Without options, lists the sessions of a listening test. What a session's signals were is told once it is "
        "finished. Tables for analysis are written by 'soundalike study report'.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
