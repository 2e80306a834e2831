#include <fmt/format.h>

#include <algorithm>

#include "catalogue.hpp"
#include "completion.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

std::string candidates(ValueKind kind, Words (*choices)()) {
  switch (kind) {
    case ValueKind::choice: {
      std::string text;
      for (std::string_view word : choices()) text += (text.empty() ? "" : " ") + std::string(word);
      return " -a " + quoted(text);
    }
    case ValueKind::effect:
      return " -a '(soundalike effects --names 2>/dev/null)'";
    case ValueKind::folder:
      return " -a '(__fish_complete_directories)'";
    default:
      return "";
  }
}

bool takes_files(ValueKind kind) { return kind == ValueKind::input_file || kind == ValueKind::output_file; }

std::string option_lines(std::string_view condition, std::span<const Option> options) {
  std::string text;
  for (const Option& option : options) {
    text += "complete -c soundalike" + std::string(condition) + " -l " + std::string(option.name);
    if (option.letter != 0) text += std::string(" -s ") + option.letter;
    if (takes_files(option.kind)) {
      text += " -r -F";
    } else if (option.kind != ValueKind::flag) {
      text += " -x" + candidates(option.kind, option.choices);
    }
    text += " -d " + quoted(option.help) + "\n";
  }
  return text;
}

}  // namespace

std::string fish_completion() {
  Words names;
  for (const Command* command : commands()) {
    const std::string_view first = split(command->name).front();
    if (std::ranges::find(names, first) == names.end()) names.push_back(first);
    if (command->name != first) names.push_back(command->name);
  }
  std::string text =
      "# fish completion for soundalike, written by `soundalike completion fish`\n"
      "function __soundalike_at --description 'the command typed so far is that one'\n"
      "    set -l command ''\n    for word in (commandline -opc)[2..-1]\n"
      "        set -l longer (string trim -- \"$command $word\")\n"
      "        contains -- $longer";
  for (std::string_view name : names) text += " " + quoted(name);
  text +=
      "; and set command $longer\n    end\n    test \"$command\" = \"$argv[1]\"\nend\n"
      "complete -c soundalike -f\n";
  text += option_lines("", global_options());
  for (const Command* command : commands()) {
    const auto words = split(command->name);
    const std::string_view before = words.size() > 1 ? words.front() : std::string_view{};
    text += "complete -c soundalike -n " + quoted("__soundalike_at \"" + std::string(before) + "\"") + " -a " +
            quoted(words.back()) + " -d " + quoted(command->summary) + "\n";
  }
  for (const Command* command : commands()) {
    const std::string condition = " -n " + quoted("__soundalike_at \"" + std::string(command->name) + "\"");
    text += option_lines(condition, command->options);
    bool files = false;
    for (const Positional& positional : command->positionals) {
      files = files || takes_files(positional.kind);
      if (const std::string words = candidates(positional.kind, positional.choices); !words.empty()) {
        text += fmt::format("complete -c soundalike{}{}\n", condition, words);
      }
    }
    if (files) text += "complete -c soundalike" + condition + " -F\n";
  }
  return text;
}

}  // namespace soundalike::cli
