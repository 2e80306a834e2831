#include "help.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "catalogue.hpp"
#include "context.hpp"
#include "soundalike/error.hpp"
#include "soundalike/suggest.hpp"
#include "soundalike/version.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

constexpr std::string_view purpose =
    "Makes one recording sound like another by turning the knobs of real audio plugins.";

std::size_t sensible(std::size_t width) { return width == 0 ? 100 : std::clamp<std::size_t>(width, 40, 100); }

std::string heading(std::string_view text, bool colored) {
  return colored ? "\033[1m" + std::string(text) + "\033[0m\n" : std::string(text) + "\n";
}

// "  left      right, wrapped and indented": left column of `column` width.
std::string entry(std::string_view left, std::string_view right, std::size_t column, std::size_t width) {
  const std::string indent(column + 4, ' ');
  std::string text = "  " + std::string(left);
  bool first = true;
  if (display_width(left) > column) {
    text += "\n";
    first = false;
  }
  for (const std::string& line : wrap(right, width > indent.size() + 20 ? width - indent.size() : 20)) {
    text += (first ? std::string(indent.size() - 2 - display_width(left), ' ') : indent) + line + "\n";
    first = false;
  }
  return text;
}

std::size_t column_of(std::span<const Option> options) {
  std::size_t column = 0;
  for (const Option& option : options) {
    if (const std::size_t width = display_width(option_form(option)); width <= 26) column = std::max(column, width);
  }
  return column;
}

std::string shown(double value) {
  char text[32];
  const auto result = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 10);
  return {text, result.ptr};
}

std::string examples_text(std::span<const Example> examples, std::size_t width, bool colored) {
  std::string text;
  for (const Example& example : examples) {
    for (const std::string& line : wrap(example.what, width - 4)) {
      text += colored ? "  \033[2m# " + line + "\033[0m\n" : "  # " + line + "\n";
    }
    text += "  " + std::string(example.line) + "\n";
  }
  return text;
}

}  // namespace

int show_version(Context& context) {
  if (context.json()) {
    context.emit({{"program", "soundalike"}, {"version", program_version()}});
  } else {
    context.print("soundalike " + std::string(program_version()) + "\n");
  }
  return 0;
}

int show_help(const Command* command, Context& context) {
  const std::size_t width = sensible(context.width());
  const std::string text =
      command == nullptr ? overview_text(width, context.colored()) : help_text(*command, width, context.colored());
  if (context.json()) {
    context.emit({{"command", command == nullptr ? "" : command->name}, {"help", text}});
  } else {
    context.print(text);
  }
  return 0;
}

std::vector<OptionGroup> option_groups(std::span<const Option> options) {
  std::vector<OptionGroup> groups;
  for (const Option& option : options) {
    auto found = std::ranges::find(groups, option.group, &OptionGroup::heading);
    if (found == groups.end()) found = groups.insert(groups.end(), {option.group, {}});
    found->options.push_back(&option);
  }
  return groups;
}

std::string option_form(const Option& option) {
  std::string text = option.letter != 0 ? std::string{'-', option.letter, ',', ' '} : std::string(4, ' ');
  text += "--" + std::string(option.name);
  if (!option.value.empty()) text += " " + std::string(option.value);
  return text;
}

std::string option_help(const Option& option) {
  std::vector<std::string> facts;
  const std::string unit =
      option.unit.empty() || option.unit == "%" ? std::string(option.unit) : " " + std::string(option.unit);
  if (option.kind == ValueKind::choice) facts.push_back(listing(option.choices()));
  if (std::isfinite(option.minimum) && std::isfinite(option.maximum)) {
    facts.push_back(shown(option.minimum) + " to " + shown(option.maximum) + unit);
  } else if (std::isfinite(option.minimum)) {
    facts.push_back("at least " + shown(option.minimum) + unit);
  } else if (std::isfinite(option.maximum)) {
    facts.push_back("at most " + shown(option.maximum) + unit);
  } else if (!option.unit.empty()) {
    facts.push_back("in " + std::string(option.unit));
  }
  if (!option.fallback.empty()) facts.push_back("default " + std::string(option.fallback));
  if (option.required) facts.emplace_back("required");
  if (option.repeatable) facts.emplace_back("may be repeated");
  for (std::string_view other : split(option.excludes)) facts.push_back("not with --" + std::string(other));
  std::string text(option.help);
  for (std::size_t i = 0; i < facts.size(); ++i) text += (i == 0 ? " (" : "; ") + facts[i];
  return facts.empty() ? text : text + ")";
}

std::string positional_help(const Positional& positional) {
  std::string text(positional.help);
  if (positional.kind == ValueKind::choice) text += " (" + listing(positional.choices()) + ")";
  return text;
}

std::vector<ExitStatus> exit_statuses() {
  return {
      {0, "done"},
      {exit_status(ErrorCode::internal), "a bug in soundalike"},
      {exit_status(ErrorCode::invalid_argument), "an option, value or argument that cannot work"},
      {exit_status(ErrorCode::not_found), "a file, effect or name that does not exist"},
      {exit_status(ErrorCode::bad_audio), "a file that is not audio, is truncated or empty, or holds NaN"},
      {exit_status(ErrorCode::unsupported), "real, but outside what soundalike handles"},
      {exit_status(ErrorCode::plugin_failed), "a plugin crashed, hung or returned NaN"},
      {exit_status(ErrorCode::io), "reading or writing failed"},
      {exit_status(ErrorCode::cancelled), "stopped before there was a result"},
  };
}

std::string overview_text(std::size_t width, bool colored) {
  std::string text = std::string(purpose) + "\n\nusage: soundalike <command> [options]\n\n";
  std::size_t column = 0;
  for (const Command* command : commands()) column = std::max(column, command->name.size());
  text += heading("commands:", colored);
  for (const Command* command : commands()) text += entry(command->name, command->summary, column, width);
  text += "\n" + heading("global options:", colored);
  for (const Option& option : global_options()) {
    text += entry(option_form(option), option_help(option), column_of(global_options()), width);
  }
  return text + "\n'soundalike <command> --help' shows the options of a command, with examples.\n";
}

std::string help_text(const Command& command, std::size_t width, bool colored) {
  std::string text = heading("soundalike " + std::string(command.name) + " - " + std::string(command.summary), colored);
  text += "\nusage: " + usage(command) + "\n";
  if (!command.description.empty()) {
    text += "\n";
    for (const std::string& line : wrap(command.description, width)) text += line + "\n";
  }
  if (!command.positionals.empty()) {
    std::size_t column = 0;
    for (const Positional& positional : command.positionals) column = std::max(column, positional.name.size() + 2);
    text += "\n" + heading("arguments:", colored);
    for (const Positional& positional : command.positionals) {
      text += entry("<" + std::string(positional.name) + ">", positional_help(positional), column, width);
    }
  }
  const std::size_t column = std::max(column_of(command.options), column_of(global_options()));
  for (const OptionGroup& group : option_groups(command.options)) {
    text += "\n" + heading(std::string(group.heading) + ":", colored);
    for (const Option* option : group.options) text += entry(option_form(*option), option_help(*option), column, width);
  }
  text += "\n" + heading("global options:", colored);
  for (const Option& option : global_options()) text += entry(option_form(option), option_help(option), column, width);
  if (!command.examples.empty()) {
    text += "\n" + heading("examples:", colored) + examples_text(command.examples, width, colored);
  }
  return text;
}

}  // namespace soundalike::cli
