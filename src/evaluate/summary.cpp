#include <algorithm>
#include <map>

#include "base/parallel.hpp"
#include "soundalike/bootstrap.hpp"
#include "soundalike/effect_size.hpp"
#include "soundalike/evaluation_summary.hpp"
#include "soundalike/multiple_comparisons.hpp"
#include "soundalike/paired_test.hpp"
#include "soundalike/vector_metric.hpp"

namespace soundalike {
namespace {

// The numbers of one view in one case, or in all of them: by system, by (case, pair).
class Scores {
 public:
  using Place = std::pair<std::size_t, std::size_t>;

  Scores(const Evaluation& evaluation, const ScoreView& view, std::optional<std::size_t> item)
      : seed_(evaluation.protocol.seed), lower_(lower_is_better(evaluation, view.metric)) {
    for (const PairRecord& record : evaluation.records) {
      if (item && record.item != *item) continue;
      if (!record.skipped.empty()) {
        ++skipped;
        continue;
      }
      ++pairs;
      group_of_[{record.item, record.pair}] = groups_.try_emplace(record.group, groups_.size()).first->second;
      const bool embedded = view.metric == "embedding-distance" && !record.embedding.empty();
      if (embedded) targets_.push_back(record.embedding);
      for (const SystemRecord& system : record.systems) {
        if (embedded && !system.embedding.empty()) outputs_[system.system].push_back(system.embedding);
        SystemSummary& summary = found(system.system);
        summary.failed += !system.failure.empty();
        summary.kept_dry += system.kept_dry;
        if (!system.failure.empty()) continue;
        if (const auto score = score_of(evaluation, system, record, view)) {
          numbers_[system.system][{record.item, record.pair}] = *score;
        } else if (std::ranges::find(evaluation.metrics, view.metric) != evaluation.metrics.end()) {
          ++summary.unmeasurable;
        }
      }
    }
  }

  std::size_t pairs = 0;
  std::size_t skipped = 0;

  std::vector<SystemSummary> systems(const std::vector<std::string>& order) {
    std::vector<SystemSummary> result;
    for (const auto& name : order) {
      const auto at = summaries_.find(name);
      if (at == summaries_.end()) continue;
      SystemSummary summary = at->second;
      std::vector<std::size_t> groups;
      for (const auto& [place, number] : numbers_[name]) {
        summary.values.push_back(number);
        groups.push_back(group_of_[place]);
      }
      summary.scored = summary.values.size();
      if (!outputs_[name].empty()) {
        summary.frechet = find_vector_metric("frechet-distance").measure(outputs_[name], targets_).value;
      }
      if (summary.scored > 0) summary.mean = bootstrap_group_mean(summary.values, groups, {.seed = seed_});
      result.push_back(std::move(summary));
    }
    return result;
  }

  // Nothing when there is no pair that both have a number on.
  std::optional<Comparison> compare(const std::string& over, const std::string& of) {
    std::vector<double> differences;  // by pair
    std::vector<std::size_t> groups;
    std::map<std::size_t, std::pair<double, std::size_t>> sums;  // by group
    const auto& theirs = numbers_[over];
    for (const auto& [place, number] : numbers_[of]) {
      const auto other = theirs.find(place);
      if (other == theirs.end()) continue;
      differences.push_back(lower_ ? other->second - number : number - other->second);
      groups.push_back(group_of_[place]);
      auto& [sum, count] = sums[groups.back()];
      sum += differences.back();
      ++count;
    }
    if (sums.empty()) return std::nullopt;
    std::vector<double> means;
    means.reserve(sums.size());
    for (const auto& [group, sum] : sums) means.push_back(sum.first / static_cast<double>(sum.second));
    Comparison comparison;
    comparison.over = over;
    comparison.of = of;
    comparison.groups = means.size();
    comparison.gain = bootstrap_group_mean(differences, groups, {.seed = seed_});
    comparison.effect_size = rank_biserial(means);
    comparison.p = wilcoxon_signed_rank(means).p;
    return comparison;
  }

 private:
  SystemSummary& found(const std::string& name) {
    SystemSummary& summary = summaries_[name];
    summary.system = name;
    return summary;
  }

  std::uint64_t seed_;
  bool lower_;
  std::map<std::string, std::size_t> groups_;
  std::map<Place, std::size_t> group_of_;
  std::map<std::string, SystemSummary> summaries_;
  std::map<std::string, std::map<Place, double>> numbers_;
  std::vector<std::vector<float>> targets_;
  std::map<std::string, std::vector<std::vector<float>>> outputs_;
};

// Every system with doing nothing, then with ours, then predictions with the other baselines, and a short search from
// the prediction with the prediction and with a long one from anywhere.
std::vector<std::pair<std::string, std::string>> comparisons_of(const std::vector<SystemSummary>& systems) {
  std::vector<std::pair<std::string, std::string>> result;
  const auto compare_with = [&](std::string_view baseline) {
    for (const auto& each : systems) {
      if (each.system != baseline && each.system != "dry") result.emplace_back(baseline, each.system);
    }
  };
  compare_with("dry");
  compare_with(our_system);
  for (const char* baseline : {"preset", "middle", "random", "neighbour"}) result.emplace_back(baseline, "predict");
  for (const char* baseline : {"predict", "search"}) result.emplace_back(baseline, "refined");
  return result;
}

CaseSummary summary_of(const Evaluation& evaluation, const ScoreView& view, std::optional<std::size_t> item) {
  Scores scores(evaluation, view, item);
  CaseSummary summary;
  summary.name = item ? evaluation.cases[*item].name : "all";
  summary.maker = item ? evaluation.cases[*item].made_with() : "";
  summary.pairs = scores.pairs;
  summary.skipped = scores.skipped;
  summary.systems = scores.systems(evaluation.systems);
  for (const auto& [over, of] : comparisons_of(summary.systems)) {
    if (auto comparison = scores.compare(over, of)) summary.comparisons.push_back(std::move(*comparison));
  }
  const Comparison* reachable = summary.find("dry", "oracle");
  const Comparison* ours = summary.find("dry", our_system);
  if (reachable != nullptr && ours != nullptr && reachable->gain.mean > 0.0) {
    summary.gap = reachable->gain.mean;
    summary.gap_closed = ours->gain.mean / *summary.gap;
  }
  return summary;
}

}  // namespace

const SystemSummary* CaseSummary::find(std::string_view system) const {
  const auto at = std::ranges::find(systems, system, &SystemSummary::system);
  return at == systems.end() ? nullptr : &*at;
}

const Comparison* CaseSummary::find(std::string_view over, std::string_view of) const {
  const auto at = std::ranges::find_if(comparisons, [&](const Comparison& c) { return c.over == over && c.of == of; });
  return at == comparisons.end() ? nullptr : &*at;
}

std::vector<CaseSummary> summarise(const Evaluation& evaluation, const ScoreView& view) {
  std::vector<CaseSummary> result;
  for (std::size_t item = 0; item < evaluation.cases.size(); ++item) {
    result.push_back(summary_of(evaluation, view, item));
  }
  std::vector<double> p;
  for (const auto& summary : result) {
    for (const auto& comparison : summary.comparisons) p.push_back(comparison.p);
  }
  const auto corrected = holm(p);
  std::size_t i = 0;
  for (auto& summary : result) {
    for (auto& comparison : summary.comparisons) comparison.corrected = corrected[i++];
  }
  if (result.size() > 1) {
    CaseSummary all = summary_of(evaluation, view, std::nullopt);
    std::vector<double> of_all;
    for (const auto& comparison : all.comparisons) of_all.push_back(comparison.p);
    const auto all_corrected = holm(of_all);
    for (std::size_t k = 0; k < of_all.size(); ++k) all.comparisons[k].corrected = all_corrected[k];
    result.push_back(std::move(all));
  }
  return result;
}

std::vector<ViewSummary> summarise_all(const Evaluation& evaluation, std::size_t threads) {
  std::vector<ViewSummary> result;
  for (auto& view : views(evaluation)) result.push_back({std::move(view), {}});
  parallel_for(result.size(), threads, [&](std::size_t i) { result[i].cases = summarise(evaluation, result[i].view); });
  return result;
}

}  // namespace soundalike
