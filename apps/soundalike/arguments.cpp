#include "arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "catalogue.hpp"
#include "soundalike/error.hpp"
#include "soundalike/suggest.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorCode::invalid_argument, message); }

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

std::optional<double> to_number(std::string_view text, std::string_view unit) {
  if (!unit.empty() && lower(text).ends_with(lower(unit))) {
    text.remove_suffix(unit.size());
    while (text.ends_with(' ')) text.remove_suffix(1);
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<long long> to_integer(std::string_view text) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string shown(double value) {
  std::string text(32, '\0');
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 10);
  text.resize(error == std::errc{} ? static_cast<std::size_t>(end - text.data()) : 0);
  return text;
}

std::string range_text(const Option& option) {
  std::string kind = option.kind == ValueKind::integer ? "a whole number" : "a number";
  const std::string unit = option.unit.empty() ? "" : " " + std::string(option.unit);
  if (std::isfinite(option.minimum) && std::isfinite(option.maximum)) {
    return kind + " from " + shown(option.minimum) + " to " + shown(option.maximum) + unit;
  }
  if (std::isfinite(option.minimum)) return kind + " of at least " + shown(option.minimum) + unit;
  if (std::isfinite(option.maximum)) return kind + " of at most " + shown(option.maximum) + unit;
  return kind;
}

void check_choice(std::string_view what, std::string_view value, const Words& choices) {
  if (std::ranges::find(choices, value) != choices.end()) return;
  refuse("unknown value " + quoted(value) + " for " + std::string(what) + did_you_mean(value, choices) + " (" +
         listing(choices) + ")");
}

void check_value(const Option& option, std::string_view value) {
  const std::string what = "--" + std::string(option.name);
  switch (option.kind) {
    case ValueKind::integer:
    case ValueKind::number: {
      std::optional<double> number;
      if (option.kind == ValueKind::number) {
        number = to_number(value, option.unit);
      } else if (const auto integer = to_integer(value)) {
        number = static_cast<double>(*integer);
      }
      if (!number || *number < option.minimum || *number > option.maximum) {
        refuse(what + " takes " + range_text(option) + ", not " + quoted(value));
      }
      return;
    }
    case ValueKind::choice:
      return check_choice(what, value, option.choices());
    case ValueKind::assignment:
      if (value.find('=') == std::string_view::npos || value.starts_with('=')) {
        refuse(what + " takes name=value, not " + quoted(value));
      }
      return;
    default:
      if (value.empty()) refuse(what + " takes a value that is not empty");
  }
}

Words names_of(std::span<const Option> options) {
  Words names;
  for (const Option& option : options) names.push_back(option.name);
  return names;
}

}  // namespace

/// One pass over the words of a command line.
class Parser {
 public:
  explicit Parser(std::span<const std::string> words) : words_(words) {}

  Invocation run() {
    name_command();
    while (next_ < words_.size() && !finished_) {
      const std::string& word = words_[next_];
      if (!options_ended_ && word == "--") {
        options_ended_ = true;
        ++next_;
      } else if (!options_ended_ && is_option(word)) {
        read_options();
      } else {
        read_positional(word);
        ++next_;
      }
    }
    if (finished_) {  // the rest is not judged, but how to print still counts
      for (; next_ < words_.size() && words_[next_] != "--"; ++next_) {
        if (words_[next_] == "--json") result_.arguments.values_["json"];
      }
    } else if (result_.command != nullptr) {
      check_whole();
    }
    return std::move(result_);
  }

 private:
  static bool is_option(std::string_view word) { return word.size() > 1 && word[0] == '-'; }
  std::string hint() const {
    return result_.command == nullptr ? " (soundalike --help lists all)"
                                      : " (see soundalike " + std::string(result_.command->name) + " --help)";
  }

  // Takes words as long as they name a command, with global options between them.
  void name_command() {
    std::string name;
    while (next_ < words_.size() && !finished_) {
      const std::string& word = words_[next_];
      if (word == "--") break;
      if (is_option(word)) {
        const Option* option = find_option(word);
        const bool bundle = word[1] != '-' && word.size() > 2 && option != nullptr && option->kind == ValueKind::flag;
        if (!name.empty() && (option == nullptr || bundle)) break;  // may be the command's own
        read_options();
        continue;
      }
      const std::string longer = name.empty() ? word : fmt::format("{} {}", name, word);
      if (find_command(longer) == nullptr && !begins_command(longer)) break;
      name = longer;
      ++next_;
    }
    if (finished_) {
      set_command(find_command(name));
      return;
    }
    if (name.empty()) {
      if (next_ < words_.size() && words_[next_] != "--") unknown_command(words_[next_], "");
      return;
    }
    set_command(find_command(name));
    if (result_.command != nullptr) return;
    if (next_ < words_.size() && !is_option(words_[next_])) unknown_command(words_[next_], name);
    refuse("'soundalike " + name + "' needs one more word: " + listing(next_words(name)));
  }

  void set_command(const Command* command) {
    result_.command = command;
    result_.arguments.command_ = command;
  }

  static Words next_words(std::string_view name) {
    Words words;
    for (const Command* command : commands()) {
      if (name.empty()) {
        const std::string_view first = split(command->name).front();
        if (std::ranges::find(words, first) == words.end()) words.push_back(first);
      } else if (command->name.starts_with(name) && command->name.size() > name.size()) {
        words.push_back(command->name.substr(name.size() + 1));
      }
    }
    return words;
  }

  [[noreturn]] static void unknown_command(std::string_view word, std::string_view name) {
    const std::string full = name.empty() ? std::string(word) : std::string(name) + " " + std::string(word);
    refuse("unknown command " + quoted(full) + did_you_mean(word, next_words(name)) + " (soundalike --help lists all)");
  }

  // The option that `word` ("--jobs=4", "-j4") begins with, or null.
  const Option* find_option(std::string_view word) const {
    const bool is_long = word.starts_with("--");
    const std::string_view name = is_long ? word.substr(2, word.find('=') - 2) : std::string_view{};
    const auto matches = [&](const Option& option) {
      return is_long ? option.name == name : option.letter != 0 && option.letter == word[1];
    };
    for (auto options : {result_.command ? result_.command->options : std::span<const Option>{}, global_options()}) {
      if (const auto found = std::ranges::find_if(options, matches); found != options.end()) return &*found;
    }
    return nullptr;
  }

  [[noreturn]] void unknown_option(std::string_view word) const {
    Words known = names_of(global_options());
    if (result_.command != nullptr) std::ranges::copy(names_of(result_.command->options), std::back_inserter(known));
    const std::string_view name = word.starts_with("--") ? word.substr(2, word.find('=') - 2) : std::string_view{};
    const std::string shown_word =
        word.starts_with("--") ? std::string(word.substr(0, word.find('='))) : std::string(word.substr(0, 2));
    refuse("unknown option " + quoted(shown_word) + did_you_mean(name, known, "--") + hint());
  }

  // The word at next_ and, where it needs one, its value in the word after it.
  void read_options() {
    std::string_view word = words_[next_++];
    if (word.starts_with("--")) {
      const Option* option = find_option(word);
      if (option == nullptr) unknown_option(word);
      const std::size_t equals = word.find('=');
      if (equals == std::string_view::npos) return store(*option, std::nullopt);
      if (option->kind == ValueKind::flag) refuse("--" + std::string(option->name) + " takes no value" + hint());
      return store(*option, word.substr(equals + 1));
    }
    word.remove_prefix(1);
    while (!word.empty() && !finished_) {
      const std::string one = "-" + std::string(word);
      const Option* option = find_option(one);
      if (option == nullptr) unknown_option(one);
      word.remove_prefix(1);
      if (option->kind == ValueKind::flag) {
        store(*option, std::nullopt);
      } else {
        store(*option, word.empty() ? std::nullopt : std::optional(word));
        return;
      }
    }
  }

  void store(const Option& option, std::optional<std::string_view> value) {
    if (option.name == "help" || option.name == "version") {
      (option.name == "help" ? result_.help : result_.version) = true;
      finished_ = true;
      return;
    }
    auto& values = result_.arguments.values_[std::string(option.name)];
    if (option.kind == ValueKind::flag) {
      values.assign(1, "");
      return;
    }
    if (!value) {
      if (next_ >= words_.size()) {
        refuse("--" + std::string(option.name) + " needs a value: " + std::string(option.value) + hint());
      }
      value = words_[next_++];
    }
    check_value(option, *value);
    if (!values.empty() && !option.repeatable) {
      refuse("--" + std::string(option.name) + " is given twice: " + quoted(values.front()) + " and " + quoted(*value));
    }
    values.emplace_back(*value);
  }

  void read_positional(const std::string& word) {
    if (result_.command == nullptr) unknown_command(word, "");
    const auto& positionals = result_.command->positionals;
    if (position_ >= positionals.size()) {
      refuse("unexpected argument " + quoted(word) + "; usage: " + usage(*result_.command));
    }
    const Positional& positional = positionals[position_];
    if (word.empty())
      refuse("argument <" + std::string(positional.name) + "> is empty; usage: " + usage(*result_.command));
    if (positional.kind == ValueKind::choice) {
      check_choice("<" + std::string(positional.name) + ">", word, positional.choices());
    }
    result_.arguments.values_[std::string(positional.name)].push_back(word);
    if (!positional.repeatable) ++position_;
  }

  void check_whole() const {
    const Arguments& arguments = result_.arguments;
    for (const Positional& positional : result_.command->positionals) {
      if (positional.required && !arguments.given(positional.name)) {
        refuse("argument <" + std::string(positional.name) + "> is missing; usage: " + usage(*result_.command));
      }
    }
    for (const Option& option : result_.command->options) {
      if (option.required && !arguments.given(option.name)) {
        refuse("option --" + std::string(option.name) + " is missing; usage: " + usage(*result_.command));
      }
      if (!arguments.given(option.name)) continue;
      for (std::string_view other : split(option.excludes)) {
        if (!arguments.given(other)) continue;
        refuse("--" + std::string(option.name) + " and --" + std::string(other) +
               " contradict each other; give one of them");
      }
    }
  }

  std::span<const std::string> words_;
  std::size_t next_ = 0;
  std::size_t position_ = 0;
  bool options_ended_ = false;
  bool finished_ = false;  // --help or --version was met
  Invocation result_;
};

bool Arguments::given(std::string_view name) const { return values_.contains(name); }

std::string_view Arguments::fallback(std::string_view name) const {
  for (auto options : {command_ ? command_->options : std::span<const Option>{}, global_options()}) {
    if (const auto found = std::ranges::find(options, name, &Option::name); found != options.end()) {
      return found->fallback;
    }
  }
  if (command_ != nullptr) {
    const auto& positionals = command_->positionals;
    if (std::ranges::find(positionals, name, &Positional::name) != positionals.end()) return {};
  }
  throw Error(ErrorCode::internal, "no option or argument '" + std::string(name) + "' is declared");
}

std::string Arguments::text(std::string_view name) const {
  const std::string_view otherwise = fallback(name);
  const auto found = values_.find(name);
  return found == values_.end() ? std::string(otherwise) : found->second.front();
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  const std::string_view otherwise = fallback(name);
  if (const auto found = values_.find(name); found != values_.end()) return found->second;
  return otherwise.empty() ? std::vector<std::string>{} : std::vector{std::string(otherwise)};
}

std::optional<long long> Arguments::maybe_integer(std::string_view name) const { return to_integer(text(name)); }

std::optional<double> Arguments::maybe_number(std::string_view name) const {
  const std::string value = text(name);
  std::string_view unit;
  if (command_ != nullptr) {
    const auto found = std::ranges::find(command_->options, name, &Option::name);
    if (found != command_->options.end()) unit = found->unit;
  }
  return to_number(value, unit);
}

long long Arguments::integer(std::string_view name) const {
  if (const auto value = maybe_integer(name)) return *value;
  throw Error(ErrorCode::internal, "option '" + std::string(name) + "' has no value and no default");
}

double Arguments::number(std::string_view name) const {
  if (const auto value = maybe_number(name)) return *value;
  throw Error(ErrorCode::internal, "option '" + std::string(name) + "' has no value and no default");
}

std::vector<std::pair<std::string, std::string>> Arguments::assignments(std::string_view name) const {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& text : all(name)) {
    const std::size_t equals = text.find('=');
    pairs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return pairs;
}

Invocation parse(std::span<const std::string> words) { return Parser(words).run(); }

std::string usage(const Command& command) {
  std::string text = "soundalike " + std::string(command.name) + " [options]";
  for (const Option& option : command.options) {
    if (option.required) text += " --" + std::string(option.name) + " " + std::string(option.value);
  }
  for (const Positional& positional : command.positionals) {
    std::string name = "<" + std::string(positional.name) + ">";
    if (positional.repeatable) name += "...";
    text += positional.required ? " " + name : " [" + name + "]";
  }
  return text;
}

}  // namespace soundalike::cli
