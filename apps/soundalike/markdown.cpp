#include "arguments.hpp"
#include "catalogue.hpp"
#include "help.hpp"
#include "soundalike/error.hpp"

namespace soundalike::cli {
namespace {

// Inside a table cell, and with angle brackets that are not tags.
std::string cell(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '|' || c == '<' || c == '>' || c == '*' || c == '_') result += '\\';
    result += c;
  }
  return result;
}

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(' '));
  return text;
}

std::string options_table(std::span<const Option* const> options) {
  std::string text = "| option | |\n|---|---|\n";
  for (const Option* option : options) {
    text += "| `" + trimmed(option_form(*option)) + "` | " + cell(option_help(*option)) + " |\n";
  }
  return text;
}

}  // namespace

std::string markdown_text() {
  std::string text =
      "# Commands\n\n"
      "Written by `soundalike help --markdown` from the tables that also make the command line, `--help`, the man\n"
      "page and the shell completions. Not for editing; a test compares it.\n\n"
      "| command | |\n|---|---|\n";
  for (const Command* command : commands()) {
    std::string anchor = "soundalike-" + std::string(command->name);
    for (char& c : anchor) c = c == ' ' ? '-' : c;
    text += "| [`" + std::string(command->name) + "`](#" + anchor + ") | " + cell(command->summary) + " |\n";
  }
  for (const Command* command : commands()) {
    text += "\n## soundalike " + std::string(command->name) + "\n\n```\n" + usage(*command) + "\n```\n";
    if (!command->description.empty()) text += "\n" + std::string(command->description) + "\n";
    if (!command->positionals.empty()) {
      text += "\n| argument | |\n|---|---|\n";
      for (const Positional& positional : command->positionals) {
        text += "| `<" + std::string(positional.name) + ">` | " + cell(positional_help(positional)) + " |\n";
      }
    }
    for (const OptionGroup& group : option_groups(command->options)) {
      if (group.heading != "options") text += "\n**" + std::string(group.heading) + "**\n";
      text += "\n" + options_table(group.options);
    }
    if (!command->examples.empty()) {
      text += "\n```sh\n";
      for (const Example& example : command->examples) {
        text += "# " + std::string(example.what) + "\n" + std::string(example.line) + "\n";
      }
      text += "```\n";
    }
  }
  text += "\n## Global options\n\n";
  std::vector<const Option*> globals;
  for (const Option& option : global_options()) globals.push_back(&option);
  text += options_table(globals);
  text += "\n## Exit status\n\n| status | |\n|---|---|\n";
  for (const ExitStatus& row : exit_statuses()) {
    text += "| " + std::to_string(row.status) + " | " + std::string(row.meaning) + " |\n";
  }
  return text;
}

}  // namespace soundalike::cli
