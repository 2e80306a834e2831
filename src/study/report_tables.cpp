#include "study/report_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace soundalike {
namespace {

std::string share_text(const Interval& i) {
  return fmt::format("{:.0f} % [{:.0f}, {:.0f}]", 100.0 * i.mean, 100.0 * i.low, 100.0 * i.high);
}

std::string mean_text(const Interval& i) { return fmt::format("{:.1f} [{:.1f}, {:.1f}]", i.mean, i.low, i.high); }

std::string difference_text(const Interval& i) {
  return fmt::format("{:+.1f} [{:+.1f}, {:+.1f}]", i.mean, i.low, i.high);
}

std::string pair_text(const std::string& first, const std::string& second) {
  return fmt::format("{} - {}", first, second);
}

}  // namespace

// In a sentence: "p = 0.0312", "p < 0.0001".
std::string p_phrase(double p) { return p < 0.0001 ? "p < 0.0001" : fmt::format("p = {:.4f}", p); }

std::string p_text(double p) { return p < 0.0001 ? "< 0.0001" : fmt::format("{:.4f}", p); }

std::string scope_title(const ScopeAnalysis& scope) {
  const char* what = scope.kind == TrialKind::likert ? "Likert grades" : "Grades";
  return scope.group.empty() ? fmt::format("{} over all material", what) : fmt::format("{}: {}", what, scope.group);
}

std::vector<std::string> opening_sentences(const StudyAnalysis& a) {
  std::vector<std::string> lines;
  if (!a.attribute.empty()) lines.push_back(fmt::format("Judged: {}.", a.attribute));
  lines.push_back(
      fmt::format("{} listeners took part, {} finished{}.", a.listeners, a.finished,
                  a.minutes ? fmt::format(", in {:.1f} +- {:.1f} minutes", a.minutes->first, a.minutes->second) : ""));
  if (a.standard)
    lines.push_back("Every trial has a hidden reference and the 3.5 and 7 kHz anchors of ITU-R BS.1534-3.");
  return lines;
}

std::vector<std::string> test_sentences(const ScopeAnalysis& s) {
  if (!s.friedman || !s.anova) return {};
  const double df = static_cast<double>(s.compared.size()) - 1.0;
  return {
      fmt::format("Over the {} listeners who graded all of {}, each by the mean of what they gave:", s.assessors,
                  fmt::join(s.compared, ", ")),
      fmt::format("Friedman: chi-squared({:.0f}) = {:.2f}, {}, Kendall's W = {:.2f}.", df, s.friedman->chi_squared,
                  p_phrase(s.friedman->p), s.friedman->kendall_w),
      fmt::format("Analysis of variance within listeners: F({:.0f}, {:.0f}) = {:.2f}, {}; Huynh-Feldt (epsilon {:.2f}) "
                  "{}; Greenhouse-Geisser ({:.2f}) {}; partial eta squared = {:.2f}.",
                  s.anova->numerator, s.anova->denominator, s.anova->f, p_phrase(s.anova->p), s.anova->huynh_feldt,
                  p_phrase(s.anova->p_huynh_feldt), s.anova->greenhouse_geisser,
                  p_phrase(s.anova->p_greenhouse_geisser), s.anova->partial_eta_squared)};
}

ReportTable screening_table(const Screening& screening) {
  ReportTable table{"Left out by post-screening", {"listener", "why"}, {}};
  for (const auto& [assessor, reason] : screening.assessors) table.rows.push_back({assessor, reason});
  return table;
}

ReportTable summary_table(const ScopeAnalysis& scope) {
  ReportTable table{
      "Grades", {"condition", "role", "grades", "median", "IQR", "mean [95 %]", "outliers", "bimodality"}, {}};
  for (const ConditionSummary& c : scope.conditions) {
    table.rows.push_back({c.condition, std::string(to_string(c.role)), std::to_string(c.box.count),
                          fmt::format("{:.1f}", c.box.median), fmt::format("{:.1f}", c.box.iqr()), mean_text(c.mean),
                          std::to_string(c.box.outliers.size()), fmt::format("{:.2f}", c.bimodality)});
  }
  return table;
}

ReportTable comparison_table(const ScopeAnalysis& scope) {
  ReportTable table{"Pairs",
                    {"pair", "difference [95 %]", "median", "Wilcoxon p", "Holm", "Nemenyi", "permutation p",
                     "Hochberg", "rank biserial", "dz"},
                    {}};
  for (const ConditionComparison& c : scope.comparisons) {
    table.rows.push_back(
        {pair_text(c.first, c.second), difference_text(c.difference), fmt::format("{:+.1f}", c.median_difference),
         p_text(c.wilcoxon_p), p_text(c.wilcoxon_adjusted), p_text(c.nemenyi_p), p_text(c.permutation_p),
         p_text(c.permutation_adjusted), fmt::format("{:+.2f}", c.rank_biserial), fmt::format("{:+.2f}", c.dz)});
  }
  return table;
}

ReportTable item_table(const std::vector<ItemAnalysis>& items) {
  ReportTable table{"Item by item: median (IQR)", {"item", "group"}, {}};
  std::vector<std::string> names;
  for (const ItemAnalysis& i : items) {
    for (const ConditionSummary& c : i.conditions) {
      if (std::ranges::find(names, c.condition) == names.end()) names.push_back(c.condition);
    }
  }
  table.header.insert(table.header.end(), names.begin(), names.end());
  table.header.insert(table.header.end(), {"Friedman p", "Hochberg"});
  for (const ItemAnalysis& i : items) {
    std::vector<std::string> row{i.trial, i.group};
    for (const std::string& name : names) {
      const auto found = std::ranges::find(i.conditions, name, &ConditionSummary::condition);
      row.push_back(found == i.conditions.end() ? ""
                                                : fmt::format("{:.1f} ({:.1f})", found->box.median, found->box.iqr()));
    }
    row.insert(row.end(), {p_text(i.friedman_p), p_text(i.adjusted_p)});
    table.rows.push_back(std::move(row));
  }
  return table;
}

ReportTable answer_table(const StudyAnalysis& analysis) {
  ReportTable table{"By what listeners answered to '" + analysis.options.split_by + "'",
                    {"answer", "listeners", "condition", "grades", "median", "IQR", "mean [95 %]"},
                    {}};
  for (const AnswerAnalysis& a : analysis.answers) {
    for (const ConditionSummary& c : a.conditions) {
      table.rows.push_back({a.answer, std::to_string(a.listeners), c.condition, std::to_string(c.box.count),
                            fmt::format("{:.1f}", c.box.median), fmt::format("{:.1f}", c.box.iqr()),
                            mean_text(c.mean)});
    }
  }
  return table;
}

ReportTable preference_table(const std::vector<PreferenceAnalysis>& preferences) {
  ReportTable table{
      "Preferences",
      {"group", "first", "second", "first", "second", "neither", "first preferred [95 %]", "sign test p", "Holm"},
      {}};
  for (const PreferenceAnalysis& p : preferences) {
    table.rows.push_back({p.group, p.first, p.second, std::to_string(p.wins), std::to_string(p.losses),
                          std::to_string(p.ties), share_text(p.share), p_text(p.p), p_text(p.adjusted_p)});
  }
  return table;
}

ReportTable abx_table(const std::vector<AbxAnalysis>& abx) {
  ReportTable table{"ABX", {"group", "first", "second", "right", "of", "p by guessing", "Holm"}, {}};
  for (const AbxAnalysis& x : abx) {
    table.rows.push_back({x.group, x.first, x.second, std::to_string(x.correct), std::to_string(x.total), p_text(x.p),
                          p_text(x.adjusted_p)});
  }
  return table;
}

}  // namespace soundalike
