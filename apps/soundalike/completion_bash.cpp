#include <algorithm>

#include "catalogue.hpp"
#include "completion.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

std::string joined(const Words& words) {
  std::string text;
  for (std::string_view word : words) text += (text.empty() ? "" : " ") + std::string(word);
  return text;
}

// The shell command that fills COMPREPLY for a value of that kind; ":" for none.
std::string filler(ValueKind kind, Words (*choices)()) {
  switch (kind) {
    case ValueKind::choice:
      return "_soundalike_words '" + joined(choices()) + "'";
    case ValueKind::input_file:
    case ValueKind::output_file:
      return "_soundalike_files -f";
    case ValueKind::folder:
      return "_soundalike_files -d";
    case ValueKind::effect:
      return "_soundalike_effects";
    default:
      return ":";
  }
}

std::string option_words(std::span<const Option> options) {
  std::string text;
  for (const Option& option : options) {
    if (option.letter != 0) text += std::string(" -") + option.letter;
    text += " --" + std::string(option.name);
  }
  return text;
}

std::string value_cases(std::string_view command, std::span<const Option> options) {
  std::string text;
  for (const Option& option : options) {
    if (option.kind == ValueKind::flag) continue;
    const std::string at = command == "*" ? "*:" : "'" + std::string(command) + ":'";
    std::string pattern = at + "--" + std::string(option.name);
    if (option.letter != 0) pattern += " | " + at + "-" + option.letter;
    text += "    " + pattern + ") " + filler(option.kind, option.choices) + "; return ;;\n";
  }
  return text;
}

constexpr std::string_view head = R"sh(# bash completion for soundalike, written by `soundalike completion bash`
_soundalike_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }
_soundalike_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen "$1" -- "$cur"); }
_soundalike_effects() {
  local name typed=${cur//[\\\"\']/}
  while IFS= read -r name; do
    [[ ${name,,} == "${typed,,}"* ]] && COMPREPLY+=("$(printf '%q' "$name")")
  done < <(soundalike effects --names 2>/dev/null)
}
_soundalike() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command= word i
  COMPREPLY=()
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case "${command:+$command }$word" in
)sh";

}  // namespace

std::string bash_completion() {
  std::string text(head);
  Words firsts;
  text += "      ";
  for (const Command* command : commands()) {
    const std::string_view first = split(command->name).front();
    if (std::ranges::find(firsts, first) == firsts.end()) firsts.push_back(first);
    text += std::string(command == commands().front() ? "" : " | ") + "'" + std::string(command->name) + "'";
  }
  for (std::string_view first : firsts) {
    if (find_command(first) == nullptr) text += " | '" + std::string(first) + "'";
  }
  text += ") command=${command:+$command }$word ;;\n    esac\n  done\n";
  text += "  case \"$command:$prev\" in\n" + value_cases("*", global_options());
  for (const Command* command : commands()) text += value_cases(command->name, command->options);
  text += "  esac\n  local globals='" + option_words(global_options()) + "'\n  case \"$command\" in\n";
  text += "    '') if [[ $cur == -* ]]; then _soundalike_words \"$globals\"; else _soundalike_words '" +
          joined(firsts) + "'; fi ;;\n";
  for (const Command* command : commands()) {
    text += "    '" + std::string(command->name) + "')\n      if [[ $cur == -* ]]; then\n        _soundalike_words \"" +
            option_words(command->options) + "$globals\"\n      else\n";
    Words seconds;
    for (const Command* other : commands()) {
      if (other->name.starts_with(std::string(command->name) + " ")) {
        seconds.push_back(other->name.substr(command->name.size() + 1));
      }
    }
    std::string fill = ":";
    for (const Positional& positional : command->positionals) {
      if (const std::string one = filler(positional.kind, positional.choices); one != ":") fill = one;
    }
    if (fill == ":" && !seconds.empty()) fill = "_soundalike_words '" + joined(seconds) + "'";
    text += "        " + fill + "\n      fi ;;\n";
  }
  for (std::string_view first : firsts) {
    if (find_command(first) != nullptr) continue;
    Words seconds;
    for (const Command* other : commands()) {
      if (other->name.starts_with(std::string(first) + " ")) seconds.push_back(other->name.substr(first.size() + 1));
    }
    text += "    '" + std::string(first) + "') _soundalike_words '" + joined(seconds) + "' ;;\n";
  }
  return text + "  esac\n}\ncomplete -F _soundalike soundalike\n";
}

}  // namespace soundalike::cli
