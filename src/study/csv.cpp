#include "study/csv.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

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

std::size_t CsvTable::needed(std::string_view name) const {
  const auto found = column(name);
  if (found < 0) refuse(file, fmt::format("it has no column '{}'; it has: {}", name, fmt::join(header, ", ")));
  return static_cast<std::size_t>(found);
}

double CsvTable::number(std::size_t row, std::size_t column, double low, double high) const {
  const std::string& text = rows[row][column];
  const auto value = csv_number(text);
  if (value && *value >= low && *value <= high) return *value;
  const bool comma = text.find(',') != std::string::npos;
  refuse(file,
         fmt::format("row {}: {} '{}' is not a number from {} to {}{}", row + 2, header[column], text, low, high,
                     comma ? "; numbers need a decimal point, not a comma: was it saved in another locale?" : ""));
}

std::optional<double> csv_number(std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

CsvTable read_csv(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorCode::not_found, fmt::format("cannot read '{}': no such file", file.string()));
  return parse_csv(std::string(std::istreambuf_iterator<char>(in), {}), file.string());
}

CsvTable parse_csv(std::string_view text, const std::string& file) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (text.empty()) refuse(file, "it is empty");
  CsvTable table;
  table.file = file;
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
