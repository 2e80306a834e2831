#include "study/grade_analysis.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "soundalike/effect_size.hpp"
#include "soundalike/multiple_comparisons.hpp"
#include "soundalike/paired_test.hpp"
#include "soundalike/permutation_test.hpp"
#include "soundalike/power.hpp"

namespace soundalike {
namespace {

// Pairs beyond this have no power curve: it would be slow, and nobody reads fifty of them.
constexpr std::size_t most_power_curves = 10;

std::vector<ConditionSummary> summaries_of(const std::vector<StudyGrade>& grades,
                                           const std::vector<StudyCondition>& conditions,
                                           const AnalysisOptions& options) {
  std::map<std::string, std::size_t> assessors;
  for (const StudyGrade& g : grades) assessors.emplace(g.assessor, assessors.size());
  std::vector<ConditionSummary> result;
  for (const StudyCondition& condition : conditions) {
    std::vector<double> scores;
    std::vector<std::size_t> groups;
    for (const StudyGrade& g : grades) {
      if (g.condition != condition.name) continue;
      scores.push_back(g.score);
      groups.push_back(assessors.at(g.assessor));
    }
    if (scores.empty()) continue;
    result.push_back({condition.name, condition.role, box_summary(scores),
                      bootstrap_group_mean(scores, groups, {.seed = options.seed, .resamples = options.resamples}),
                      bimodality(scores)});
  }
  return result;
}

// Systems and extra anchors; where that leaves less than two, everything.
std::vector<std::string> compared_of(const std::vector<ConditionSummary>& conditions) {
  std::vector<std::string> names;
  for (const ConditionSummary& c : conditions) {
    if (c.role == ConditionRole::system || c.role == ConditionRole::anchor) names.push_back(c.condition);
  }
  if (names.size() >= 2) return names;
  names.clear();
  for (const ConditionSummary& c : conditions) names.push_back(c.condition);
  return names;
}

struct Table {
  std::vector<double> values;  // [assessors x conditions]
  std::size_t complete = 0, incomplete = 0;
};

// Each assessor's mean of every condition.
Table table_of(const std::vector<StudyGrade>& grades, const std::vector<std::string>& conditions) {
  std::map<std::string, std::map<std::string, std::vector<double>>> scores;
  for (const StudyGrade& g : grades) scores[g.assessor][g.condition].push_back(g.score);
  Table table;
  for (const auto& entry : scores) {
    const auto& by_condition = entry.second;
    const bool all = std::ranges::all_of(conditions, [&](const std::string& c) { return by_condition.contains(c); });
    ++(all ? table.complete : table.incomplete);
    if (!all) continue;
    for (const std::string& c : conditions) table.values.push_back(mean(by_condition.at(c)));
  }
  return table;
}

std::vector<ConditionComparison> compare(const RepeatedMeasures& data, const std::vector<std::string>& names,
                                         const AnalysisOptions& options) {
  std::vector<ConditionComparison> result;
  std::vector<double> permutation;
  const auto by_ranks = nemenyi(data);  // the same pairs in the same order
  for (const PairedComparison& pair : pairwise_wilcoxon(data)) {
    const auto gaps = differences(data.condition(pair.first), data.condition(pair.second));
    ConditionComparison& c = result.emplace_back();
    c.nemenyi_p = by_ranks[result.size() - 1].adjusted_p;
    c.first = names[pair.first];
    c.second = names[pair.second];
    c.difference = bootstrap_mean(gaps, {.seed = options.seed, .resamples = options.resamples});
    c.median_difference = median(gaps);
    c.wilcoxon_p = pair.p;
    c.wilcoxon_adjusted = pair.adjusted_p;
    c.permutation_p = paired_permutation(gaps, {.permutations = options.permutations, .seed = options.seed}).p;
    permutation.push_back(c.permutation_p);
    c.rank_biserial = rank_biserial(gaps);
    c.dz = cohens_dz(gaps);
    if (options.power_simulations == 0 || result.size() > most_power_curves) continue;
    for (const std::size_t n : options.power_counts) {
      c.power.emplace_back(n,
                           wilcoxon_power(gaps, n, {.simulations = options.power_simulations, .seed = options.seed}));
    }
  }
  const auto adjusted = hochberg(permutation);
  for (std::size_t i = 0; i < result.size(); ++i) result[i].permutation_adjusted = adjusted[i];
  return result;
}

}  // namespace

ScopeAnalysis analyse_scope(const std::vector<StudyGrade>& grades, const std::vector<StudyCondition>& conditions,
                            TrialKind kind, const std::string& group, const AnalysisOptions& options) {
  std::vector<StudyGrade> chosen;
  for (const StudyGrade& g : grades) {
    if (g.kind == kind && (group.empty() || g.group == group)) chosen.push_back(g);
  }
  ScopeAnalysis scope;
  scope.group = group;
  scope.kind = kind;
  scope.conditions = summaries_of(chosen, conditions, options);
  scope.compared = compared_of(scope.conditions);
  const Table table = table_of(chosen, scope.compared);
  scope.assessors = table.complete;
  scope.incomplete = table.incomplete;
  if (scope.compared.size() < 2 || table.complete < 2) return scope;
  const RepeatedMeasures data(table.complete, scope.compared.size(), table.values);
  scope.friedman = friedman(data);
  scope.anova = repeated_anova(data);
  scope.comparisons = compare(data, scope.compared, options);
  return scope;
}

std::vector<ItemAnalysis> analyse_items(const std::vector<StudyGrade>& grades,
                                        const std::vector<StudyCondition>& conditions, const AnalysisOptions& options) {
  std::map<std::string, std::vector<StudyGrade>> by_trial;
  for (const StudyGrade& g : grades) by_trial[g.trial].push_back(g);
  std::vector<ItemAnalysis> items;
  std::vector<double> p;
  for (const auto& [trial, of_trial] : by_trial) {
    ItemAnalysis& item = items.emplace_back();
    item.trial = trial;
    item.group = of_trial.front().group;
    item.kind = of_trial.front().kind;
    item.conditions = summaries_of(of_trial, conditions, options);
    const auto compared = compared_of(item.conditions);
    const Table table = table_of(of_trial, compared);
    if (compared.size() >= 2 && table.complete >= 2) {
      item.friedman_p = friedman(RepeatedMeasures(table.complete, compared.size(), table.values)).p;
    }
    p.push_back(item.friedman_p);
  }
  const auto adjusted = hochberg(p);
  for (std::size_t i = 0; i < items.size(); ++i) items[i].adjusted_p = adjusted[i];
  return items;
}

std::vector<AnswerAnalysis> analyse_answers(const std::vector<StudyGrade>& grades, const StudyResults& results,
                                            const AnalysisOptions& options) {
  std::map<std::string, std::string> answers;  // by assessor
  for (const StudyAnswer& a : results.answers) {
    if (a.question == options.split_by) answers[a.assessor] = a.value;
  }
  std::map<std::pair<std::string, TrialKind>, std::vector<StudyGrade>> split;
  std::map<std::string, std::set<std::string>> listeners;
  for (const StudyGrade& g : grades) {
    const auto answer = answers.find(g.assessor);
    if (answer == answers.end()) continue;
    split[{answer->second, g.kind}].push_back(g);
    listeners[answer->second].insert(g.assessor);
  }
  std::vector<AnswerAnalysis> result;
  if (listeners.size() < 2) return result;
  for (const auto& [key, of_answer] : split) {
    result.push_back(
        {key.first, key.second, listeners[key.first].size(), summaries_of(of_answer, results.conditions, options)});
  }
  return result;
}

}  // namespace soundalike
