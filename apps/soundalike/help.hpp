#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"

namespace soundalike::cli {

class Context;

/// "soundalike 0.1.0".
int show_version(Context& context);

/// Help of a command, or the overview for null.
int show_help(const Command* command, Context& context);

/// The overview of all commands, or the help of one, for a terminal of `width` columns.
std::string overview_text(std::size_t width, bool colored);
std::string help_text(const Command& command, std::size_t width, bool colored);

/// Every command as Markdown: docs/commands.md.
std::string markdown_text();

/// Every command as a manual page in roff, with the macros of man(7): soundalike.1.
std::string manual_text();

/// What help, the man page and the Markdown say alike.
struct OptionGroup {
  std::string_view heading;
  std::vector<const Option*> options;
};
/// Options of a command in their groups, in declared order, the global ones not included.
std::vector<OptionGroup> option_groups(std::span<const Option> options);
/// "-b, --budget RENDERS".
std::string option_form(const Option& option);
/// The help phrase with what the table knows: default, range, choices, repeatable, what it contradicts.
std::string option_help(const Option& option);
/// The same for an argument.
std::string positional_help(const Positional& positional);
/// "2 a bad option or value", ...: one row per exit status.
struct ExitStatus {
  int status;
  std::string_view meaning;
};
std::vector<ExitStatus> exit_statuses();

}  // namespace soundalike::cli
