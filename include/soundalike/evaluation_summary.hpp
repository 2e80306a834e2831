#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/bootstrap.hpp"
#include "soundalike/evaluation.hpp"

namespace soundalike {

/// Outputs as they are, or brought to the target's RMS before they are measured.
enum class Leveling { matched, raw };
std::string_view to_string(Leveling levels);

/// What of an evaluation is looked at. Beside the protocol's metrics there are "style-distance" (to the reference),
/// "embedding-distance" (to the target, by the protocol's encoder) and "parameter-mae" (of the settings, where the
/// maker is the effect itself); these know no levels.
struct ScoreView {
  std::string metric = "mrstft";
  Leveling levels = Leveling::matched;
};
/// Whether lower is better.
bool lower_is_better(const Evaluation& evaluation, std::string_view metric);
/// All views of an evaluation: each metric at both levels, then what knows no levels as far as there is any.
std::vector<ScoreView> views(const Evaluation& evaluation);
/// "mrstft, matched", "style-distance".
std::string to_string(const ScoreView& view);
/// Whether a metric is the same at all levels.
bool knows_levels(std::string_view metric);
/// The number that one system got on one pair; nothing where it failed, or was not run.
std::optional<double> score_of(const Evaluation& evaluation, const SystemRecord& record, const PairRecord& pair,
                               const ScoreView& view);

/// One system in one case.
struct SystemSummary {
  std::string system;
  std::size_t scored = 0;        ///< pairs with a number
  std::size_t failed = 0;        ///< pairs without output
  std::size_t unmeasurable = 0;  ///< pairs with output whose metric has no value
  std::size_t kept_dry = 0;
  std::optional<Interval> mean;   ///< 95 % bootstrap over groups of recordings
  std::vector<double> values;     ///< the numbers, by pair
  std::optional<double> frechet;  ///< of all embeddings to those of the targets; for "embedding-distance" only
};

/// A paired comparison, on the pairs on which both systems have a number. Intervals draw groups of recordings whole;
/// the test and the effect size are of the groups' mean differences.
struct Comparison {
  std::string over, of;  ///< is `of` nearer than `over`?
  std::size_t groups = 0;
  Interval gain;             ///< mean difference, above 0 where `of` is better; bootstrap over groups
  double effect_size = 0.0;  ///< matched-pairs rank biserial correlation
  double p = 1.0;            ///< Wilcoxon signed rank, two-sided
  double corrected = 1.0;    ///< Holm's, over all comparisons of all cases of this view
};

struct CaseSummary {
  std::string name, maker;  ///< maker: "the same", or its name, or "real"
  std::size_t pairs = 0;    ///< of which some system has a record
  std::size_t skipped = 0;
  std::vector<SystemSummary> systems;   ///< those with records, in the order of tables
  std::vector<Comparison> comparisons;  ///< every system with dry, with ours; predictions with baselines
  /// (dry - oracle) of the means, and how much of it ours closes. Nothing where the oracle is no nearer than dry.
  std::optional<double> gap, gap_closed;

  const SystemSummary* find(std::string_view system) const;
  const Comparison* find(std::string_view over, std::string_view of) const;
};

/// One per case, then one over all of them where there are several (name "all").
std::vector<CaseSummary> summarise(const Evaluation& evaluation, const ScoreView& view = {});

/// The summaries of one view.
struct ViewSummary {
  ScoreView view;
  std::vector<CaseSummary> cases;
};
/// Of views(), in that order. @param threads at once; the numbers do not depend on it.
std::vector<ViewSummary> summarise_all(const Evaluation& evaluation, std::size_t threads = 1);

/// How well one system found one knob, where the maker is the effect itself.
struct Recovery {
  std::string knob, system;
  double middle_error = 0.0;  ///< mean |0.5 - truth| of the settings in their range: 0.25 for even ones
  Interval error;             ///< mean |found - truth|
  Interval correlation;       ///< Pearson's of found and true, in `mean`; 0 when either does not vary
};
/// By knob in the effect's order, then system; none when the maker is another effect. Intervals draw speakers and songs
/// whole.
std::vector<Recovery> recoveries(const Evaluation& evaluation, std::size_t item);

}  // namespace soundalike
