#include "help.hpp"

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "catalogue.hpp"
#include "context.hpp"
#include "soundalike/error.hpp"
#include "soundalike/suggest.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "command", .required = false, .repeatable = true, .help = "the command to explain; none: the overview"},
};
constexpr Option options[] = {
    {.name = "man", .excludes = "markdown", .help = "write the manual page of all commands, in roff"},
    {.name = "markdown", .help = "write docs/commands.md: all commands in Markdown"},
};
constexpr Example examples[] = {
    {"soundalike help effects show", "the options of one command"},
    {"soundalike help --man | man -l -", "read the manual page"},
};

int show_text(std::string_view format, const std::string& text, Context& context) {
  if (context.json()) {
    context.emit({{"format", format}, {"help", text}});
  } else {
    context.print(text);
  }
  return 0;
}

int run(const Arguments& arguments, Context& context) {
  std::string name;
  for (const std::string& word : arguments.all("command")) name += (name.empty() ? "" : " ") + word;
  const bool page = arguments.given("man") || arguments.given("markdown");
  if (page && !name.empty()) {
    throw Error(ErrorCode::invalid_argument, "--man and --markdown write all commands; leave '" + name + "' out");
  }
  if (arguments.given("man")) return show_text("man", manual_text(), context);
  if (arguments.given("markdown")) return show_text("markdown", markdown_text(), context);
  if (name.empty()) return show_help(nullptr, context);
  const Command* command = find_command(name);
  if (command != nullptr) return show_help(command, context);
  Words known;
  for (const Command* row : commands()) known.push_back(row->name);
  throw Error(ErrorCode::invalid_argument,
              "unknown command '" + name + "'" + did_you_mean(name, known) + " (soundalike help lists all)");
}

}  // namespace

extern const Command help_command{
    .name = "help",
    .summary = "explain a command, or write the manual",
    .description = "Shows the overview of all commands, or the options of one with examples.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
