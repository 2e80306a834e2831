#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike {

/// A table of a TOML file that is read once, key by key, and knows what nobody asked for.
///
///   TomlTable table = parse_toml(text, "matching.toml");
///   table.read("pairs", options.pairs, 1, 100000);
///   for (TomlTable& row : table.tables("case")) { row.read("effect", name); row.finish(); }
///   table.finish();   // refuses unknown keys, naming the nearest known one
///
/// All errors are Error invalid_argument with file, line and key.
class TomlTable {
 public:
  struct Node;
  explicit TomlTable(std::shared_ptr<Node> node);

  void read(std::string_view key, std::string& value);
  void read(std::string_view key, bool& value);
  void read(std::string_view key, double& value, double least, double most);
  void read(std::string_view key, std::size_t& value, std::size_t least, std::size_t most);
  /// One text or a list of texts.
  void read(std::string_view key, std::vector<std::string>& values);
  /// One of some names, given as text.
  void read(std::string_view key, std::string& value, const std::vector<std::string_view>& names);
  bool has(std::string_view key);
  /// @throws Error where the key is not there.
  void demand(std::string_view key);
  TomlTable table(std::string_view key);                ///< empty where it is not there
  std::vector<TomlTable> tables(std::string_view key);  ///< of [[key]]
  /// @throws Error for keys that were never asked for.
  void finish();
  /// With the line of `key`; with the table's own for a key that is not there, or none.
  [[noreturn]] void refuse(std::string_view key, const std::string& why) const;

 private:
  std::shared_ptr<Node> node_;
};

/// @throws Error invalid_argument with the line for what is no TOML.
TomlTable parse_toml(std::string_view text, std::string_view origin);

}  // namespace soundalike
