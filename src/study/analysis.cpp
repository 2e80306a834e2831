#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "soundalike/error.hpp"
#include "soundalike/study_analysis.hpp"
#include "study/grade_analysis.hpp"

namespace soundalike {
namespace {

constexpr std::size_t enough_assessors = 20;
constexpr double two_peaks = 5.0 / 9.0;

// Rows of who was not left out, without training.
template <typename Row>
std::vector<Row> counting(const std::vector<Row>& rows, const Screening& screening) {
  std::set<std::string> out;
  for (const auto& excluded : screening.assessors) out.insert(excluded.assessor);
  std::vector<Row> kept;
  for (const Row& row : rows) {
    if (!row.training && !out.contains(row.assessor)) kept.push_back(row);
  }
  return kept;
}

bool follows_the_standard(const std::vector<StudyGrade>& grades) {
  std::map<std::string, std::set<ConditionRole>> roles;
  for (const StudyGrade& g : grades) {
    if (g.kind == TrialKind::mushra) roles[g.trial].insert(g.role);
  }
  return !roles.empty() && std::ranges::all_of(roles, [](const auto& trial) {
    return trial.second.contains(ConditionRole::reference) && trial.second.contains(ConditionRole::anchor35) &&
           trial.second.contains(ConditionRole::anchor70);
  });
}

void add_warnings(StudyAnalysis& analysis) {
  const auto warn = [&](std::string text) { analysis.warnings.push_back(std::move(text)); };
  const bool mushra =
      std::ranges::any_of(analysis.scopes, [](const ScopeAnalysis& s) { return s.kind == TrialKind::mushra; });
  if (mushra && !analysis.standard) {
    warn("Not every trial has a hidden reference and the 3.5 and 7 kHz anchors: MUSHRA-style, not MUSHRA.");
  }
  if (!analysis.screening.assessors.empty()) {
    warn(fmt::format("{} of {} listeners were left out by post-screening.", analysis.screening.assessors.size(),
                     analysis.listeners));
  }
  for (const ScopeAnalysis& scope : analysis.scopes) {
    const std::string name = scope.group.empty() ? "Over all material" : "In '" + scope.group + "'";
    if (scope.group.empty() && scope.assessors < enough_assessors) {
      warn(fmt::format("{} listeners graded everything; BS.1534-3 finds 20 often enough.", scope.assessors));
    }
    std::size_t high = 0;
    std::size_t systems = 0;
    for (const ConditionSummary& c : scope.conditions) {
      if (c.bimodality > two_peaks && c.role == ConditionRole::system) {
        warn(
            fmt::format("{}, the grades of '{}' may have two peaks (coefficient {:.2f}, over 0.56): its median says "
                        "little.",
                        name, c.condition, c.bimodality));
      }
      if (c.role != ConditionRole::system) continue;
      ++systems;
      high += c.box.median >= 80.0;
    }
    if (scope.kind == TrialKind::mushra && systems > 1 && 2 * high > systems) {
      warn(fmt::format("{}, {} of {} systems have a median of 80 or more: the test may be too easy to tell them apart.",
                       name, high, systems));
    }
    if (scope.incomplete > 0) {
      warn(fmt::format("{}, {} listeners did not grade every condition and are in the summaries, not in the tests.",
                       name, scope.incomplete));
    }
  }
}

}  // namespace

StudyAnalysis analyse_study(const StudyResults& results, const AnalysisOptions& options) {
  StudyAnalysis analysis;
  analysis.name = results.name;
  analysis.attribute = results.attribute;
  analysis.options = options;
  analysis.listeners = results.listeners.size();
  std::vector<double> minutes;
  for (const StudyListener& listener : results.listeners) {
    analysis.finished += listener.finished;
    if (listener.finished && listener.minutes > 0.0) minutes.push_back(listener.minutes);
  }
  if (!minutes.empty()) analysis.minutes = {mean(minutes), standard_deviation(minutes)};
  if (options.screening) analysis.screening = screen(results);
  const auto grades = counting(results.grades, analysis.screening);
  const auto choices = counting(results.choices, analysis.screening);
  if (grades.empty() && choices.empty()) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot analyse study '{}': of {} listeners, {} were left out, and nobody else has finished a "
                    "page that counts",
                    results.name, analysis.listeners, analysis.screening.assessors.size()));
  }
  analysis.standard = follows_the_standard(grades);
  std::set<std::pair<TrialKind, std::string>> scopes;
  for (const StudyGrade& g : grades) scopes.insert({{g.kind, ""}, {g.kind, g.group}});
  for (const auto& [kind, group] : scopes) {
    analysis.scopes.push_back(analyse_scope(grades, results.conditions, kind, group, options));
  }
  analysis.items = analyse_items(grades, results.conditions, options);
  analysis.answers = analyse_answers(grades, results, options);
  analysis.preferences = analyse_preferences(choices, options);
  analysis.abx = analyse_abx(choices);
  add_warnings(analysis);
  return analysis;
}

}  // namespace soundalike
