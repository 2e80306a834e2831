#include <map>
#include <tuple>

#include "soundalike/multiple_comparisons.hpp"
#include "soundalike/paired_test.hpp"
#include "study/grade_analysis.hpp"

namespace soundalike {
namespace {

// Group and the two conditions by name, whichever was shown first.
using Pair = std::tuple<std::string, std::string, std::string>;

std::map<Pair, std::vector<StudyChoice>> by_pair(const std::vector<StudyChoice>& choices, TrialKind kind) {
  std::map<Pair, std::vector<StudyChoice>> result;
  for (const StudyChoice& c : choices) {
    if (c.kind != kind || c.training) continue;
    const bool forth = c.first <= c.second;
    result[{c.group, forth ? c.first : c.second, forth ? c.second : c.first}].push_back(c);
  }
  return result;
}

template <typename Analysis>
void adjust(std::vector<Analysis>& analyses) {
  std::vector<double> p;
  p.reserve(analyses.size());
  for (const Analysis& a : analyses) p.push_back(a.p);
  const auto adjusted = holm(p);
  for (std::size_t i = 0; i < analyses.size(); ++i) analyses[i].adjusted_p = adjusted[i];
}

}  // namespace

std::vector<PreferenceAnalysis> analyse_preferences(const std::vector<StudyChoice>& choices,
                                                    const AnalysisOptions& options) {
  std::vector<PreferenceAnalysis> result;
  for (const auto& [pair, answers] : by_pair(choices, TrialKind::paired)) {
    PreferenceAnalysis& analysis = result.emplace_back();
    std::tie(analysis.group, analysis.first, analysis.second) = pair;
    std::map<std::string, std::pair<std::size_t, int>> assessors;  // index, how often more the first
    std::vector<double> shares;
    std::vector<std::size_t> groups;
    for (const StudyChoice& c : answers) {
      auto& [index, lead] = assessors.emplace(c.assessor, std::pair{assessors.size(), 0}).first->second;
      const int side = c.chosen.empty() ? 0 : c.chosen == analysis.first ? 1 : -1;
      lead += side;
      ++(side == 0 ? analysis.ties : side > 0 ? analysis.wins : analysis.losses);
      shares.push_back(0.5 * (side + 1));
      groups.push_back(index);
    }
    analysis.share = bootstrap_group_mean(shares, groups, {.seed = options.seed, .resamples = options.resamples});
    std::size_t more = 0;
    std::size_t less = 0;
    for (const auto& [assessor, entry] : assessors) {
      more += entry.second > 0;
      less += entry.second < 0;
    }
    analysis.p = sign_test(more, less);
  }
  adjust(result);
  return result;
}

std::vector<AbxAnalysis> analyse_abx(const std::vector<StudyChoice>& choices) {
  std::vector<AbxAnalysis> result;
  for (const auto& [pair, answers] : by_pair(choices, TrialKind::abx)) {
    AbxAnalysis& analysis = result.emplace_back();
    std::tie(analysis.group, analysis.first, analysis.second) = pair;
    for (const StudyChoice& c : answers) analysis.correct += c.chosen == c.truth;
    analysis.total = answers.size();
    analysis.p = binomial_tail(analysis.correct, analysis.total, 0.5);
  }
  adjust(result);
  return result;
}

}  // namespace soundalike
