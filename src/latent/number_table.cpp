#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "soundalike/error.hpp"
#include "soundalike/map_table.hpp"

namespace soundalike {
namespace {

[[noreturn]] void refuse(std::string_view origin, std::size_t line, const std::string& reason) {
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot read the table '{}': line {}: {}", origin, line, reason));
}

/// The fields of one line, and how far it went. A quoted field may hold commas and line ends; two quotes are one.
std::vector<std::string> fields_of(std::string_view text, std::size_t& at, std::string_view origin, std::size_t& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        fields.back() += '"';
        ++at;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  if (quoted) refuse(origin, line, "a quote does not end");
  return fields;
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result.append(c == '"' ? 2 : 1, c);
  return result + '"';
}

std::string field_of(const MapColumn& column, float value) {
  if (column.kind != ColumnKind::label) return fmt::format("{}", value);
  const bool known = value >= 0.0f && value < static_cast<float>(column.categories.size());
  return known ? quoted(column.categories[static_cast<std::size_t>(value)]) : "";
}

double number_of(const std::string& field) {
  double value = 0.0;
  const auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
  const bool whole = problem == std::errc() && end == field.data() + field.size();
  return whole ? value : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

NumberTable parse_number_table(std::string_view csv, std::string_view origin) {
  NumberTable table;
  std::size_t at = 0, line = 1;
  table.names = fields_of(csv, at, origin, line);
  if (csv.empty() || table.names == std::vector<std::string>{""}) refuse(origin, 1, "it has no header");
  table.columns.resize(table.names.size());
  table.texts.resize(table.names.size());
  std::vector<bool> textual(table.names.size());
  while (at < csv.size()) {
    const std::size_t begun = line;
    const auto fields = fields_of(csv, at, origin, line);
    if (fields.size() == 1 && fields.front().empty()) continue;
    if (fields.size() != table.names.size()) {
      refuse(origin, begun, fmt::format("it has {} fields, the header {}", fields.size(), table.names.size()));
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
      table.columns[i].push_back(number_of(fields[i]));
      if (!fields[i].empty() && std::isnan(table.columns[i].back())) textual[i] = true;
      table.texts[i].push_back(fields[i]);
    }
  }
  for (std::size_t i = 0; i < textual.size(); ++i) {
    if (!textual[i]) table.texts[i].clear();
  }
  return table;
}

std::string map_csv(const LatentMap& map) {
  std::vector<std::vector<float>> columns;
  std::string csv = "point";
  for (const auto& column : map.columns()) {
    csv += ',' + quoted(column.name);
    columns.push_back(map.column(column.name));
  }
  for (const auto& projection : map.outline().projections) csv += fmt::format(",x_{0},y_{0}", projection.name);
  csv += '\n';
  for (std::size_t i = 0; i < map.points(); ++i) {
    csv += std::to_string(i);
    for (std::size_t c = 0; c < columns.size(); ++c) csv += ',' + field_of(map.columns()[c], columns[c][i]);
    for (const auto& projection : map.outline().projections) {
      const auto places = map.projection(projection.name);
      csv += fmt::format(",{},{}", places[2 * i], places[2 * i + 1]);
    }
    csv += '\n';
  }
  return csv;
}

}  // namespace soundalike
