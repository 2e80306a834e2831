#pragma once

#define TOML_HEADER_ONLY 1
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/error.hpp"
#include "study/names.hpp"

namespace soundalike {

/// Reads a table of study.toml key by key; what nobody asked for is refused by finish(). For one .cpp file.
class TomlReader {
 public:
  TomlReader(const toml::table& table, std::string file) : table_(&table), file_(std::move(file)) {}

  [[noreturn]] void refuse(const toml::node* node, const std::string& why) const {
    const auto line = static_cast<int>((node != nullptr ? *node : *table_).source().begin.line);
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot use '{}', line {}: {}", file_, line, why));
  }

  const toml::node* node(std::string_view key) {
    asked_.emplace(key);
    return table_->get(key);
  }
  const toml::node& needed(std::string_view key) {
    const toml::node* found = node(key);
    if (found == nullptr) refuse(nullptr, fmt::format("'{}' is missing", key));
    return *found;
  }

  template <typename T>
  T value(std::string_view key, T fallback, const char* kind) {
    const toml::node* found = node(key);
    if (found == nullptr) return fallback;
    const auto value = found->value_exact<T>();
    if (!value) refuse(found, fmt::format("'{}' must be {}", key, kind));
    return *value;
  }
  std::string text(std::string_view key) { return value<std::string>(key, "", "a text in quotes"); }
  bool flag(std::string_view key, bool fallback) { return value<bool>(key, fallback, "true or false"); }
  std::int64_t whole(std::string_view key, std::int64_t fallback, std::int64_t least) {
    const auto number = value<std::int64_t>(key, fallback, "a whole number");
    if (number < least) refuse(node(key), fmt::format("'{}' must be at least {}", key, least));
    return number;
  }
  double number(std::string_view key) {
    const toml::node* found = node(key);
    if (found == nullptr) return 0.0;
    const auto value = found->value<double>();
    if (!value) refuse(found, fmt::format("'{}' must be a number", key));
    return *value;
  }
  template <typename Enum>
  Enum word(std::string_view key, Enum fallback) {
    const toml::node* found = node(key);
    if (found == nullptr) return fallback;
    const auto value = from_name<Enum>(found->value_or(std::string_view{}));
    if (!value) refuse(found, fmt::format("'{}' must be one of {}", key, all_names<Enum>()));
    return *value;
  }
  /// Letters, digits, '-' and '_'.
  std::string id(std::string_view key) {
    const toml::node& found = needed(key);
    std::string id = text(key);
    const bool plain = !id.empty() && id.size() <= 100 && std::ranges::all_of(id, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (!plain) refuse(&found, fmt::format("'{}' must be letters, digits, - and _, but is '{}'", key, id));
    return id;
  }
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> result;
    const toml::node* found = node(key);
    if (found == nullptr) return result;
    if (!found->is_array()) refuse(found, fmt::format("'{}' must be a list of texts", key));
    for (const auto& item : *found->as_array()) {
      const auto value = item.value_exact<std::string>();
      if (!value) refuse(&item, fmt::format("'{}' must be a list of texts", key));
      result.push_back(*value);
    }
    return result;
  }
  /// Of each table in a list.
  template <typename Read>
  void each(std::string_view key, const Read& read) {
    const toml::node* found = node(key);
    if (found == nullptr) return;
    if (!found->is_array()) refuse(found, fmt::format("'{}' must be a list of tables", key));
    for (const auto& item : *found->as_array()) {
      if (!item.is_table()) refuse(&item, fmt::format("'{}' must be a list of tables", key));
      TomlReader inner(*item.as_table(), file_);
      read(inner);
      inner.finish();
    }
  }
  void finish() const {
    for (const auto& [key, node] : *table_) {
      if (!asked_.contains(std::string(key.str()))) {
        refuse(&node, fmt::format("unknown key '{}'; known here: {}", std::string(key.str()), fmt::join(asked_, ", ")));
      }
    }
  }
  const std::string& file() const { return file_; }

 private:
  const toml::table* table_;
  std::string file_;
  std::set<std::string> asked_;
};

}  // namespace soundalike
