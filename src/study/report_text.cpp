#include <fmt/format.h>

#include <algorithm>

#include "study/report_tables.hpp"

namespace soundalike {
namespace {

std::string text_of(const ReportTable& table) {
  if (table.rows.empty()) return "";
  std::vector<std::size_t> widths;
  for (const std::string& cell : table.header) widths.push_back(cell.size());
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      out += fmt::format("{:<{}}{}", cells[i], widths[i], i + 1 < cells.size() ? "  " : "");
    }
    return out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
  };
  std::string out = "\n" + table.title + "\n" + line(table.header);
  for (const auto& row : table.rows) out += line(row);
  return out;
}

}  // namespace

std::string to_text(const StudyAnalysis& analysis) {
  std::string out = fmt::format("Study {}\n", analysis.name);
  for (const std::string& sentence : opening_sentences(analysis)) out += sentence + "\n";
  for (const std::string& warning : analysis.warnings) out += "! " + warning + "\n";
  out += text_of(screening_table(analysis.screening));
  for (const ScopeAnalysis& scope : analysis.scopes) {
    out += "\n== " + scope_title(scope) + "\n" + text_of(summary_table(scope));
    const auto sentences = test_sentences(scope);
    if (!sentences.empty()) out += "\n";
    for (const std::string& sentence : sentences) out += sentence + "\n";
    out += text_of(comparison_table(scope));
  }
  if (analysis.items.size() > 1) out += text_of(item_table(analysis.items));
  out += text_of(answer_table(analysis));
  return out + text_of(preference_table(analysis.preferences)) + text_of(abx_table(analysis.abx));
}

}  // namespace soundalike
