#include "configuration.hpp"

#define TOML_HEADER_ONLY 1
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "catalogue.hpp"
#include "soundalike/error.hpp"
#include "soundalike/suggest.hpp"

namespace soundalike::cli {
namespace {

struct Place {
  std::size_t first = 0;  // of the words that name the file
  std::size_t count = 0;
  std::string file;
};

std::optional<Place> find_config(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (words[i].starts_with("--config=")) return Place{i, 1, words[i].substr(9)};
    if (words[i] == "--config" && i + 1 < words.size()) return Place{i, 2, words[i + 1]};
  }
  return std::nullopt;
}

// The command that the first words name, as far as they are no options.
const Command* named_command(const std::vector<std::string>& words) {
  const Command* command = nullptr;
  std::string name;
  for (const std::string& word : words) {
    if (word.starts_with("-")) break;
    name += (name.empty() ? "" : " ") + word;
    if (const Command* found = find_command(name)) command = found;
  }
  return command;
}

[[noreturn]] void refuse(const std::string& file, const toml::node& node, const std::string& why) {
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot use '{}', line {}: {}", file, static_cast<int>(node.source().begin.line), why));
}

bool given_on_line(const std::vector<std::string>& words, const Option& option) {
  const std::string name = "--" + std::string(option.name);
  return std::ranges::any_of(words, [&](const std::string& word) {
    const bool by_letter = option.letter != 0 && word.size() >= 2 && word[0] == '-' && word[1] == option.letter;
    return by_letter || word == name || word.starts_with(name + "=");
  });
}

std::string text_of(const std::string& file, const std::string& key, const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto whole = node.value_exact<std::int64_t>()) return std::to_string(*whole);
  if (const auto number = node.value_exact<double>()) return fmt::format("{}", *number);
  refuse(file, node, fmt::format("'{}' takes a text or a number", key));
}

toml::table parsed(const std::string& file) {
  if (!std::filesystem::is_regular_file(file)) {
    throw Error(ErrorCode::not_found, fmt::format("cannot read '{}': no such file", file));
  }
  try {
    return toml::parse_file(file);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use '{}', line {}: {}", file, static_cast<int>(error.source().begin.line),
                            error.description()));
  }
}

}  // namespace

std::vector<std::string> with_configuration(const std::vector<std::string>& words) {
  const auto place = find_config(words);
  const Command* command = place ? named_command(words) : nullptr;
  if (command == nullptr || std::ranges::find(command->options, "config", &Option::name) == command->options.end()) {
    return words;
  }
  std::vector<std::string> result = words;
  result.erase(result.begin() + static_cast<std::ptrdiff_t>(place->first),
               result.begin() + static_cast<std::ptrdiff_t>(place->first + place->count));
  const std::vector<std::string> line = result;
  Words known;
  for (const Option& option : command->options) {
    if (option.name != "config") known.push_back(option.name);
  }
  std::vector<std::string> added;
  for (const auto& [toml_key, node] : parsed(place->file)) {
    std::string key(toml_key.str());
    std::ranges::replace(key, '_', '-');
    const auto option = std::ranges::find(command->options, key, &Option::name);
    if (option == command->options.end() || key == "config") {
      refuse(place->file, node,
             "unknown key '" + std::string(toml_key.str()) + "'" + did_you_mean(key, known) +
                 " (keys are the options of soundalike " + std::string(command->name) + ")");
    }
    if (given_on_line(line, *option)) continue;
    const std::string name = "--" + key;
    if (option->kind == ValueKind::flag) {
      const auto on = node.value_exact<bool>();
      if (!on) refuse(place->file, node, fmt::format("'{}' takes true or false", key));
      if (*on) added.push_back(name);
    } else if (const toml::array* list = node.as_array()) {
      if (!option->repeatable) refuse(place->file, node, fmt::format("'{}' takes one value, not a list", key));
      for (const auto& item : *list) added.push_back(name + "=" + text_of(place->file, key, item));
    } else {
      added.push_back(name + "=" + text_of(place->file, key, node));
    }
  }
  const auto end = std::ranges::find(result, "--");
  result.insert(end, added.begin(), added.end());
  return result;
}

std::string configuration_json(const Command& command, const Arguments& arguments, const Words& left_out) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const Option& option : command.options) {
    if (option.name == "config" || std::ranges::find(left_out, option.name) != left_out.end()) continue;
    auto& value = json[std::string(option.name)];
    if (option.kind == ValueKind::flag) {
      value = arguments.given(option.name);
    } else if (option.repeatable) {
      value = arguments.all(option.name);
    } else if (option.kind == ValueKind::integer) {
      if (const auto number = arguments.maybe_integer(option.name)) value = *number;
    } else if (option.kind == ValueKind::number) {
      if (const auto number = arguments.maybe_number(option.name)) value = *number;
    } else {
      value = arguments.text(option.name);
    }
  }
  for (const Positional& positional : command.positionals) {
    json[std::string(positional.name)] = arguments.all(positional.name);
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace soundalike::cli
