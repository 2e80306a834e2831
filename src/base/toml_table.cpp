#include "soundalike/toml_table.hpp"

#define TOML_HEADER_ONLY 1
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "soundalike/error.hpp"
#include "soundalike/suggest.hpp"

namespace soundalike {

struct TomlTable::Node {
  std::shared_ptr<const toml::table> root;  // of the whole file; copies forget their lines
  const toml::table* table;
  std::string origin;
  std::string name;  // "[data]"; empty at the top
  std::vector<std::string> asked{};

  const toml::node* find(std::string_view key) {
    asked.emplace_back(key);
    return table->get(key);
  }
};

TomlTable::TomlTable(std::shared_ptr<Node> node) : node_(std::move(node)) {}

void TomlTable::refuse(std::string_view key, const std::string& why) const {
  const toml::node* node = node_->table->get(key);
  const auto line = static_cast<int>((node != nullptr ? node->source() : node_->table->source()).begin.line);
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot use '{}', line {}: {}", node_->origin, line, why));
}

void TomlTable::read(std::string_view key, std::string& value) {
  const toml::node* node = node_->find(key);
  if (node == nullptr) return;
  const auto text = node->value_exact<std::string>();
  if (!text) refuse(key, fmt::format("'{}' takes a text", key));
  value = *text;
}

void TomlTable::read(std::string_view key, bool& value) {
  const toml::node* node = node_->find(key);
  if (node == nullptr) return;
  const auto on = node->value_exact<bool>();
  if (!on) refuse(key, fmt::format("'{}' takes true or false", key));
  value = *on;
}

void TomlTable::read(std::string_view key, double& value, double least, double most) {
  const toml::node* node = node_->find(key);
  if (node == nullptr) return;
  const auto number = node->value<double>();
  if (!number || !(*number >= least && *number <= most)) {
    refuse(key, fmt::format("'{}' takes a number from {} to {}", key, least, most));
  }
  value = *number;
}

void TomlTable::read(std::string_view key, std::size_t& value, std::size_t least, std::size_t most) {
  const toml::node* node = node_->find(key);
  if (node == nullptr) return;
  const auto number = node->value_exact<std::int64_t>();
  if (!number || *number < 0 || static_cast<std::uint64_t>(*number) < least ||
      static_cast<std::uint64_t>(*number) > most) {
    refuse(key, fmt::format("'{}' takes a whole number from {} to {}", key, least, most));
  }
  value = static_cast<std::size_t>(*number);
}

void TomlTable::read(std::string_view key, std::vector<std::string>& values) {
  const toml::node* node = node_->find(key);
  if (node == nullptr) return;
  values.clear();
  if (const auto text = node->value_exact<std::string>()) {
    values.push_back(*text);
    return;
  }
  const toml::array* list = node->as_array();
  if (list == nullptr) refuse(key, fmt::format("'{}' takes a text or a list of texts", key));
  for (const auto& item : *list) {
    const auto text = item.value_exact<std::string>();
    if (!text) refuse(key, fmt::format("'{}' takes texts only", key));
    values.push_back(*text);
  }
}

void TomlTable::read(std::string_view key, std::string& value, const std::vector<std::string_view>& names) {
  std::string name = value;
  read(key, name);
  if (name != value && std::ranges::find(names, name) == names.end()) {
    refuse(key, fmt::format("'{}' is no {}{}; there are: {}", name, key, did_you_mean(name, names), listing(names)));
  }
  value = name;
}

bool TomlTable::has(std::string_view key) { return node_->find(key) != nullptr; }

void TomlTable::demand(std::string_view key) {
  if (!has(key)) refuse(key, fmt::format("'{}' is missing", key));
}

TomlTable TomlTable::table(std::string_view key) {
  const toml::node* node = node_->find(key);
  if (node != nullptr && !node->is_table()) refuse(key, fmt::format("'{}' is a table: [{}]", key, key));
  const auto root = node != nullptr ? node_->root : std::make_shared<const toml::table>();
  const toml::table* inner = node != nullptr ? node->as_table() : root.get();
  return TomlTable(std::make_shared<Node>(Node{root, inner, node_->origin, fmt::format("[{}]", key)}));
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
  std::vector<TomlTable> result;
  const toml::node* node = node_->find(key);
  if (node == nullptr) return result;
  const toml::array* list = node->as_array();
  if (list == nullptr) refuse(key, fmt::format("'{}' is a list of tables: [[{}]]", key, key));
  for (const auto& item : *list) {
    if (!item.is_table()) refuse(key, fmt::format("'{}' is a list of tables: [[{}]]", key, key));
    result.emplace_back(
        std::make_shared<Node>(Node{node_->root, item.as_table(), node_->origin, fmt::format("[[{}]]", key)}));
  }
  return result;
}

void TomlTable::finish() {
  Words known(node_->asked.begin(), node_->asked.end());
  for (const auto& [key, node] : *node_->table) {
    if (std::ranges::find(known, key.str()) != known.end()) continue;
    refuse(key.str(), fmt::format("unknown key '{}'{}{}; there are: {}", key.str(),
                                  node_->name.empty() ? "" : fmt::format(" in {}", node_->name),
                                  did_you_mean(key.str(), known), listing(known)));
  }
}

TomlTable parse_toml(std::string_view text, std::string_view origin) {
  try {
    const auto root = std::make_shared<const toml::table>(toml::parse(text));
    return TomlTable(std::make_shared<TomlTable::Node>(TomlTable::Node{root, root.get(), std::string(origin), ""}));
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use '{}', line {}: {}", origin, static_cast<int>(error.source().begin.line),
                            error.description()));
  }
}

}  // namespace soundalike
