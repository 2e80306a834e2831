#include "soundalike/html.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace soundalike {
namespace {

constexpr std::string_view style = R"(:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: 0.9rem; }
th, td { padding: 0.2rem 0.7rem; border-bottom: 1px solid #8886; text-align: left; white-space: nowrap; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
svg { max-width: 100%; height: auto; }
.warning { border-left: 4px solid #d55e00; padding-left: 0.7rem; }
)";

bool begins_like_a_number(const std::string& cell) {
  const std::size_t first = cell.find_first_not_of("+-<>[ ");
  return cell.empty() || (first != std::string::npos && cell[first] >= '0' && cell[first] <= '9');
}

}  // namespace

std::string html_escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string html_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
  const auto numeric = [&](std::size_t column) {
    return !rows.empty() && std::ranges::all_of(rows, [&](const auto& row) {
      return column >= row.size() || begins_like_a_number(row[column]);
    });
  };
  // A table as wide as it likes, in a part of the page that scrolls, also by keyboard.
  std::string out = "<div class=\"scroll\" tabindex=\"0\">\n<table>\n<thead><tr>";
  for (std::size_t i = 0; i < header.size(); ++i) {
    out += fmt::format("<th scope=\"col\"{}>{}</th>", numeric(i) ? " class=\"n\"" : "", html_escape(header[i]));
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += fmt::format("<td{}>{}</td>", numeric(i) ? " class=\"n\"" : "", html_escape(row[i]));
    }
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n</div>\n";
}

std::string html_page(std::string_view title, std::string_view body, std::string_view more_style) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n"
      "<style>\n{1}{3}</style>\n</head>\n<body>\n<h1>{0}</h1>\n{2}</body>\n</html>\n",
      html_escape(title), style, body, more_style);
}

}  // namespace soundalike
