#include <fmt/format.h>

#include <algorithm>

#include "catalogue.hpp"
#include "completion.hpp"
#include "help.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

// Inside single quotes, within a spec of _arguments: brackets and colons have a meaning there.
std::string spec(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '\'') {
      result += "'\\''";
      continue;
    }
    if (c == ':' || c == '[' || c == ']' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string action(ValueKind kind, Words (*choices)()) {
  switch (kind) {
    case ValueKind::choice: {
      std::string text = "(";
      for (std::string_view word : choices()) text += (text.size() > 1 ? " " : "") + spec(word);
      return text + ")";
    }
    case ValueKind::input_file:
    case ValueKind::output_file:
      return "_files";
    case ValueKind::folder:
      return "_files -/";
    case ValueKind::effect:
      return "__soundalike_effects";
    default:
      return " ";
  }
}

std::string option_specs(std::span<const Option> options) {
  std::string text;
  for (const Option& option : options) {
    const std::string full = "--" + std::string(option.name);
    std::string rest = "[" + spec(option.help) + "]";
    if (option.kind != ValueKind::flag) rest += ":" + spec(option.value) + ":" + action(option.kind, option.choices);
    std::string both = full;
    if (option.letter != 0) both += std::string(" -") + option.letter;
    const std::string front = option.repeatable ? "*" : "(" + both + ")";
    for (std::string_view form : split(both)) text += fmt::format("    '{}{}{}'\n", front, form, rest);
  }
  return text;
}

std::string function_name(const Command& command) {
  std::string name = "_soundalike_" + std::string(command.name);
  std::ranges::replace(name, ' ', '_');
  return name;
}

}  // namespace

std::string zsh_completion() {
  std::string text =
      "#compdef soundalike\n# zsh completion for soundalike, written by `soundalike completion zsh`\n"
      "__soundalike_effects() {\n  local -a names\n  names=(${(f)\"$(soundalike effects --names 2>/dev/null)\"})\n"
      "  compadd -M 'm:{a-zA-Z}={A-Za-z}' -a names\n}\n";
  text += "_soundalike_globals=(\n" + option_specs(global_options()) + ")\n";
  for (const Command* command : commands()) {
    text += function_name(*command) + "() {\n  _arguments -s \\\n    $_soundalike_globals \\\n";
    std::string specs = option_specs(command->options);
    for (const Positional& positional : command->positionals) {
      const std::string front = positional.repeatable ? "*" : positional.required ? "" : ":";
      specs +=
          "    '" + front + ":" + spec(positional.name) + ":" + action(positional.kind, positional.choices) + "'\n";
    }
    for (char c : specs) text += c == '\n' ? std::string(" \\\n") : std::string(1, c);
    text += "    && return 0\n  return 1\n}\n";
  }
  text +=
      "_soundalike() {\n  local command= longer i last=0\n  for ((i = 2; i < CURRENT; i++)); do\n"
      "    longer=${command:+$command }${words[i]}\n    case $longer in\n      ";
  Words alone;  // first words that are no commands themselves
  for (const Command* command : commands()) {
    text += std::string(command == commands().front() ? "" : "|") + "'" + std::string(command->name) + "'";
    const std::string_view first = split(command->name).front();
    if (find_command(first) == nullptr && std::ranges::find(alone, first) == alone.end()) alone.push_back(first);
  }
  for (std::string_view first : alone) text += "|'" + std::string(first) + "'";
  text += ") command=$longer; last=$i ;;\n    esac\n  done\n  local -a next\n  next=(\n";
  for (const Command* command : commands()) {
    text += "    '" + spec(command->name) + ":" + spec(command->summary) + "'\n";
  }
  text +=
      "  )\n  if [[ -n $command ]]; then\n"
      "    next=(${${(M)next:#$command *}#$command })\n  fi\n"
      "  next=(${next:#[^:]# *})\n"
      "  [[ $PREFIX != -* && $((last + 1)) -eq $CURRENT || -z $command ]] && (( $#next )) && "
      "_describe command next\n"
      "  if [[ -z $command ]]; then\n    [[ $PREFIX == -* ]] && _arguments -s $_soundalike_globals\n    return\n  fi\n"
      "  shift $((last - 1)) words\n  (( CURRENT -= last - 1 ))\n  case $command in\n";
  for (const Command* command : commands()) {
    text += "    '" + std::string(command->name) + "') " + function_name(*command) + " ;;\n";
  }
  return text +
         "  esac\n}\n"
         "if [[ $funcstack[1] == _soundalike ]]; then\n  _soundalike \"$@\"\nelse\n  compdef _soundalike "
         "soundalike\nfi\n";
}

}  // namespace soundalike::cli
