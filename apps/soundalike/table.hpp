#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace soundalike::cli {

/// A column of a Table.
struct Column {
  std::string heading;
  bool right = false;     ///< numbers
  bool flexible = false;  ///< gives up width first when the table is wider than the terminal
};

/// A table for people, aligned by display width. Columns in which no row has anything are left out.
///
///   Table table({{"knob"}, {"value", true}});
///   table.add({"Drive", "12.3 dB"});
///   context.print(table.text(context.width(), context.colored()));
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell per column; missing ones are empty.
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

  /// Lines, each ended by a newline and without trailing spaces.
  /// @param width to fit into by shortening flexible columns to no less than 8 columns; 0: any width.
  std::string text(std::size_t width = 0, bool colored = false) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace soundalike::cli
