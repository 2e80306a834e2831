#include <algorithm>

#include "soundalike/evaluation_summary.hpp"
#include "soundalike/pesq_command.hpp"
#include "soundalike/vector_metric.hpp"

namespace soundalike {
namespace {

constexpr std::string_view style_distance = "style-distance";
constexpr std::string_view embedding_distance = "embedding-distance";
constexpr std::string_view parameter_mae = "parameter-mae";

}  // namespace

std::string_view to_string(Leveling levels) { return levels == Leveling::matched ? "matched" : "raw"; }

bool knows_levels(std::string_view metric) {
  return metric != style_distance && metric != embedding_distance && metric != parameter_mae &&
         metric != PesqCommand::name;
}

std::string to_string(const ScoreView& view) {
  return view.metric + (knows_levels(view.metric) ? ", " + std::string(to_string(view.levels)) : "");
}

bool lower_is_better(const Evaluation& evaluation, std::string_view metric) {
  if (metric == PesqCommand::name) return PesqCommand::better == Direction::lower;
  const bool known = std::ranges::find(evaluation.metrics, metric) != evaluation.metrics.end();
  return !known || find_metric(metric).better == Direction::lower;
}

std::vector<ScoreView> views(const Evaluation& evaluation) {
  std::vector<ScoreView> result;
  for (const auto& metric : evaluation.metrics) {
    if (knows_levels(metric)) result.push_back({metric, Leveling::matched});
    result.push_back({metric, Leveling::raw});
  }
  result.push_back({std::string(style_distance), Leveling::raw});
  if (!evaluation.protocol.encoder.empty()) result.push_back({std::string(embedding_distance), Leveling::raw});
  const bool settings = std::ranges::any_of(evaluation.records, [](const PairRecord& r) { return !r.truth.empty(); });
  if (settings) result.push_back({std::string(parameter_mae), Leveling::raw});
  return result;
}

std::optional<double> score_of(const Evaluation& evaluation, const SystemRecord& record, const PairRecord& pair,
                               const ScoreView& view) {
  if (!record.failure.empty()) return std::nullopt;
  if (view.metric == style_distance) return record.distance;
  if (view.metric == embedding_distance || view.metric == parameter_mae) {
    const bool settings = view.metric == parameter_mae;
    const auto& found = settings ? record.knobs : record.embedding;
    const auto& wanted = settings ? pair.truth : pair.embedding;
    if (found.empty() || wanted.empty()) return std::nullopt;
    return find_vector_metric(view.metric).measure({&found, 1}, {&wanted, 1}).value;
  }
  const auto at = std::ranges::find(evaluation.metrics, view.metric);
  const auto& values = view.levels == Leveling::matched ? record.matched : record.raw;
  const auto i = static_cast<std::size_t>(at - evaluation.metrics.begin());
  return i < values.size() ? values[i].value : std::nullopt;
}

}  // namespace soundalike
