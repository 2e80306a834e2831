#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "soundalike/bootstrap.hpp"
#include "soundalike/describe.hpp"
#include "soundalike/repeated_measures.hpp"
#include "soundalike/study_results.hpp"

namespace soundalike {

/// Whom and what the post-screening of ITU-R BS.1534-3 leaves out, and why.
struct Screening {
  struct Excluded {
    std::string assessor;
    std::string reason;
  };
  std::vector<Excluded> assessors;
  /// Items on which more than a quarter of the assessors gave the mid anchor over 90: it was not audible enough there,
  /// so they exclude nobody.
  std::vector<std::string> lenient_items;
};

/// An assessor is left out for grading the hidden reference under 90 on more than 15 % of the items, or the mid anchor
/// (7 kHz) over 90 on more than 15 %. Training never counts.
Screening screen(const StudyResults& results);

struct ConditionSummary {
  std::string condition;
  ConditionRole role = ConditionRole::system;
  BoxSummary box;  ///< of the grades; outliers are shown, never removed
  Interval mean;   ///< of the grades; bounds by bootstrap over assessors
  double bimodality = 0.0;
};

/// Two conditions, over assessors; of each the mean of what they gave in the scope.
struct ConditionComparison {
  std::string first, second;
  Interval difference;  ///< first - second
  double median_difference = 0.0;
  double wilcoxon_p = 1.0, wilcoxon_adjusted = 1.0;        ///< Holm, over the pairs of the scope
  double nemenyi_p = 1.0;                                  ///< by mean ranks, as Friedman's test; adjusted already
  double permutation_p = 1.0, permutation_adjusted = 1.0;  ///< of the median difference; Hochberg
  double rank_biserial = 0.0, dz = 0.0;
  std::vector<std::pair<std::size_t, double>> power;  ///< of Wilcoxon's test, by count of assessors
};

/// What the grades of one kind of trial say, over all material or one group of it.
struct ScopeAnalysis {
  std::string group;  ///< empty: all
  TrialKind kind = TrialKind::mushra;
  std::vector<ConditionSummary> conditions;
  std::size_t assessors = 0;          ///< who graded every compared condition
  std::size_t incomplete = 0;         ///< who did not: in the summaries, not in the tests
  std::vector<std::string> compared;  ///< systems and anchors beyond the standard's
  std::optional<FriedmanResult> friedman;
  std::optional<RepeatedAnova> anova;
  std::vector<ConditionComparison> comparisons;
};

/// One item: BS.1534-3 asks not to pool over material before having looked.
struct ItemAnalysis {
  std::string trial, group;
  TrialKind kind = TrialKind::mushra;
  std::vector<ConditionSummary> conditions;
  double friedman_p = 1.0, adjusted_p = 1.0;  ///< Hochberg over items; 1 where it cannot be tested
};

/// Listeners who gave one answer of a question, such as what they listened with.
struct AnswerAnalysis {
  std::string answer;
  TrialKind kind = TrialKind::mushra;
  std::size_t listeners = 0;
  std::vector<ConditionSummary> conditions;  ///< over all material
};

/// A pair of conditions that assessors chose between.
struct PreferenceAnalysis {
  std::string group, first, second;
  std::size_t wins = 0, losses = 0, ties = 0;  ///< of the first
  Interval share;                    ///< preferring the first, ties as a half; bounds by bootstrap over assessors
  double p = 1.0, adjusted_p = 1.0;  ///< sign test over assessors, by what each preferred more often; Holm
};

/// Could X be told?
struct AbxAnalysis {
  std::string group, first, second;
  std::size_t correct = 0, total = 0;
  double p = 1.0, adjusted_p = 1.0;  ///< of so many by guessing, answers taken as independent; Holm
};

struct AnalysisOptions {
  bool screening = true;
  std::uint64_t seed = 0;
  std::size_t resamples = 10000;
  std::size_t permutations = 10000;
  std::size_t power_simulations = 500;  ///< 0: none
  std::vector<std::size_t> power_counts{8, 12, 16, 20, 30, 40};
  std::string split_by = "device";  ///< question whose answers listeners are told apart by
};

struct StudyAnalysis {
  std::string name, attribute;
  bool standard = false;  ///< every MUSHRA trial has hidden reference and both anchors; else it is "MUSHRA-style"
  std::size_t listeners = 0, finished = 0;
  std::optional<std::pair<double, double>> minutes;  ///< mean and standard deviation over who finished
  Screening screening;
  std::vector<ScopeAnalysis> scopes;  ///< all material first, then groups
  std::vector<ItemAnalysis> items;
  std::vector<AnswerAnalysis> answers;  ///< empty unless there are two answers to the question at least
  std::vector<PreferenceAnalysis> preferences;
  std::vector<AbxAnalysis> abx;
  std::vector<std::string> warnings;  ///< what a reader must know before believing it
  AnalysisOptions options;
};

/// Analyses a listening test.
///
///   StudyAnalysis analysis = analyse_study(Study("overdrive-study").results(), {.seed = 1});
///   write_file("report.html", to_html(analysis));
///
/// Same results and options, same numbers. Safe from many threads.
/// @throws Error invalid_argument when there is nothing to analyse.
StudyAnalysis analyse_study(const StudyResults& results, const AnalysisOptions& options);

/// Reports: for people on a terminal, as one page with charts, and for programs.
std::string to_text(const StudyAnalysis& analysis);
std::string to_html(const StudyAnalysis& analysis);
std::string to_json(const StudyAnalysis& analysis);

}  // namespace soundalike
