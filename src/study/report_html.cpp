#include <fmt/format.h>

#include "soundalike/chart.hpp"
#include "soundalike/html.hpp"
#include "soundalike/version.hpp"
#include "study/report_tables.hpp"

namespace soundalike {
namespace {

std::string paragraph(const std::string& text) { return "<p>" + html_escape(text) + "</p>\n"; }
std::string heading(int level, const std::string& text) {
  return fmt::format("<h{0}>{1}</h{0}>\n", level, html_escape(text));
}

std::string section(const ReportTable& table, int level) {
  return table.rows.empty() ? "" : heading(level, table.title) + html_table(table.header, table.rows);
}

std::string grades_chart(const ScopeAnalysis& scope) {
  std::vector<ChartColumn> columns;
  for (const ConditionSummary& c : scope.conditions) {
    columns.push_back(
        {.label = c.condition,
         .box = ChartBox{c.box.low, c.box.quartile1, c.box.median, c.box.quartile3, c.box.high, c.box.outliers},
         .mean = c.mean.mean,
         .interval = std::pair{c.mean.low, c.mean.high}});
  }
  ChartOptions options{.title = scope_title(scope), .axis = "grade"};
  if (scope.kind == TrialKind::mushra) {
    options.low = 0.0;
    options.high = 100.0;
  }
  return column_chart(columns, options);
}

std::string power_chart(const ScopeAnalysis& scope) {
  std::vector<ChartLine> lines;
  for (const ConditionComparison& c : scope.comparisons) {
    if (c.power.empty()) continue;
    ChartLine& line = lines.emplace_back(ChartLine{c.first + " - " + c.second, {}});
    for (const auto& [n, power] : c.power) line.points.emplace_back(static_cast<double>(n), power);
  }
  if (lines.empty()) return "";
  return heading(3, "Power") +
         paragraph(
             "How often Wilcoxon's test at 0.05 would find each difference with so many listeners, were they like "
             "these. After a test that found nothing it says nothing new; before the next one it helps to plan.") +
         line_chart(lines, {.title = "Power by count of listeners",
                            .axis = "power",
                            .horizontal = "listeners",
                            .low = 0.0,
                            .high = 1.0});
}

std::string scope_section(const ScopeAnalysis& scope) {
  std::string out = heading(2, scope_title(scope)) + grades_chart(scope);
  out += paragraph(
      "Boxes: quartiles and median; whiskers to the furthest grade within 1.5 IQR; diamonds: mean with its 95 % "
      "interval by bootstrap over listeners.");
  const ReportTable grades = summary_table(scope);
  out += html_table(grades.header, grades.rows);
  for (const std::string& sentence : test_sentences(scope)) out += paragraph(sentence);
  return out + section(comparison_table(scope), 3) + (scope.group.empty() ? power_chart(scope) : "");
}

}  // namespace

std::string to_html(const StudyAnalysis& analysis) {
  std::string body;
  for (const std::string& sentence : opening_sentences(analysis)) body += paragraph(sentence);
  for (const std::string& warning : analysis.warnings)
    body += "<p class=\"warning\">" + html_escape(warning) + "</p>\n";
  body += section(screening_table(analysis.screening), 2);
  for (const std::string& item : analysis.screening.lenient_items) {
    body += paragraph(fmt::format("On item '{}' the mid anchor was hard to tell; it excluded nobody.", item));
  }
  for (const ScopeAnalysis& scope : analysis.scopes) body += scope_section(scope);
  if (analysis.items.size() > 1) body += section(item_table(analysis.items), 2);
  body += section(answer_table(analysis), 2);
  body += section(preference_table(analysis.preferences), 2) + section(abx_table(analysis.abx), 2);
  body +=
      heading(2, "Method") +
      paragraph(fmt::format(
          "Post-screening by ITU-R BS.1534-3: {}. Training never counts; signals that were not touched have no grade; "
          "outliers (1.5 IQR) are shown, not removed. Intervals: {} bootstrap resamples of listeners. Permutation test "
          "of the median difference: {} permutations, Hochberg's correction; Wilcoxon's signed rank: Holm's. Seed {}. "
          "soundalike {}.",
          analysis.options.screening
              ? "hidden reference under 90, or mid anchor over 90, on more than 15 % of the items"
              : "switched off",
          analysis.options.resamples, analysis.options.permutations, analysis.options.seed, program_version()));
  return html_page("Listening test: " + analysis.name, body);
}

}  // namespace soundalike
