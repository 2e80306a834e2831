#include "study/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot read '{}': {}", file, why));
}

// Reads one record; `text` goes on after it.
std::vector<std::string> record(std::string_view& text, char separator, const std::string& file, std::size_t line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      cells.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (quoted || (c != separator && c != '\n' && c != '\r')) {
      cells.back() += c;
    } else if (c == separator) {
      cells.emplace_back();
    } else if (c == '\n') {
      break;
    }
  }
  if (quoted) refuse(file, fmt::format("the record that begins on line {} has an open quote", line));
  text.remove_prefix(std::min(i + 1, text.size()));
  return cells;
}

}  // namespace

void CsvWriter::row(const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text_ += ',';
    if (cells[i].find_first_of(",\"\r\n;") == std::string::npos) {
      text_ += cells[i];
      continue;
    }
    text_ += '"';
    for (const char c : cells[i]) text_ += c == '"' ? "\"\"" : std::string(1, c);
    text_ += '"';
  }
  text_ += '\n';
}

std::ptrdiff_t CsvTable::column(std::string_view name) const {
  const auto found = std::ranges::find(header, name);
  return found == header.end() ? -1 : found - header.begin();
}

CsvTable parse_csv(std::string_view text, const std::string& file) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (text.empty()) refuse(file, "it is empty");
  CsvTable table;
  const std::string_view first = text.substr(0, text.find('\n'));
  table.separator = std::ranges::count(first, ';') > std::ranges::count(first, ',') ? ';' : ',';
  table.header = record(text, table.separator, file, 1);
  for (std::size_t line = 2; !text.empty(); ++line) {
    auto cells = record(text, table.separator, file, line);
    if (cells.size() == 1 && cells[0].empty()) continue;
    if (cells.size() != table.header.size()) {
      refuse(file, fmt::format("record {} has {} cells, the header {}", line, cells.size(), table.header.size()));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace soundalike
