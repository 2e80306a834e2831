#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "soundalike/evaluation_report.hpp"

namespace soundalike {
namespace {

using Json = nlohmann::ordered_json;

// RFC 4180.
std::string cell(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

Json to_json(const Interval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

Json to_json(const Comparison& c) {
  return {{"of", c.of},
          {"over", c.over},
          {"groups", c.groups},
          {"gain", to_json(c.gain)},
          {"effect_size", c.effect_size},
          {"p", c.p},
          {"p_holm", c.corrected}};
}

Json to_json(const CaseSummary& summary) {
  Json json{
      {"case", summary.name}, {"made_with", summary.maker}, {"pairs", summary.pairs}, {"skipped", summary.skipped}};
  for (const auto& system : summary.systems) {
    Json& row = json["systems"][system.system];
    row = {{"scored", system.scored},
           {"failed", system.failed},
           {"unmeasurable", system.unmeasurable},
           {"kept_dry", system.kept_dry}};
    if (system.frechet) row["frechet"] = *system.frechet;
    if (system.mean) row["mean"] = to_json(*system.mean);
  }
  for (const auto& comparison : summary.comparisons) json["comparisons"].push_back(to_json(comparison));
  if (summary.gap_closed) {
    json["gap"] = *summary.gap;
    json["gap_closed"] = *summary.gap_closed;
  }
  return json;
}

}  // namespace

std::string to_csv(const Evaluation& evaluation) {
  std::string out = "case,made_with,pair,recording,group,system,metric,levels,value,failure\n";
  const auto all_views = views(evaluation);
  for (const PairRecord& record : evaluation.records) {
    const std::string pair = fmt::format("{},{},{},{},{}", cell(evaluation.cases[record.item].name),
                                         cell(evaluation.cases[record.item].made_with()), record.pair,
                                         cell(record.recording), cell(record.group));
    if (!record.skipped.empty()) out += fmt::format("{},,,,,{}\n", pair, cell("skipped: " + record.skipped));
    for (const SystemRecord& system : record.systems) {
      const std::string row = pair + "," + cell(system.system);
      if (!system.failure.empty()) {
        out += fmt::format("{},,,,{}\n", row, cell(system.failure));
        continue;
      }
      out += fmt::format("{},kept-dry,,{},\n", row, system.kept_dry ? 1 : 0);
      for (const ScoreView& view : all_views) {
        const bool measured = std::ranges::find(evaluation.metrics, view.metric) != evaluation.metrics.end();
        if (measured) continue;
        if (const auto score = score_of(evaluation, system, record, view)) {
          out += fmt::format("{},{},,{},\n", row, view.metric, *score);
        }
      }
      for (const Leveling levels : {Leveling::matched, Leveling::raw}) {
        const auto& values = levels == Leveling::matched ? system.matched : system.raw;
        for (std::size_t m = 0; m < values.size(); ++m) {
          const bool leveled = knows_levels(evaluation.metrics[m]);
          if (!leveled && levels == Leveling::matched) continue;  // stands among the raw ones
          out += fmt::format("{},{},{},{},{}\n", row, evaluation.metrics[m], leveled ? to_string(levels) : "",
                             values[m].value ? fmt::format("{}", *values[m].value) : "", cell(values[m].failure));
        }
      }
    }
  }
  return out;
}

std::string knobs_to_csv(const Evaluation& evaluation) {
  std::string out = "case,pair,recording,system,knob,truth,found\n";
  for (const PairRecord& record : evaluation.records) {
    const EvaluationCase& item = evaluation.cases[record.item];
    for (const SystemRecord& system : record.systems) {
      for (std::size_t k = 0; k < system.knobs.size() && k < record.truth.size(); ++k) {
        out += fmt::format("{},{},{},{},{},{},{}\n", cell(item.name), record.pair, cell(record.recording),
                           cell(system.system), cell(item.knobs[k]), record.truth[k], system.knobs[k]);
      }
    }
  }
  return out;
}

std::string to_json(const Evaluation& evaluation, const std::vector<ViewSummary>& summaries) {
  Json json;
  json["protocol"] = Json::parse(to_json(evaluation.protocol));
  json["seed"] = evaluation.protocol.seed;
  json["metrics"] = Json::array();
  for (const auto& [view, cases] : summaries) {
    Json rows = Json::array();
    for (const auto& summary : cases) rows.push_back(to_json(summary));
    json["metrics"].push_back({{"metric", view.metric},
                               {"levels", knows_levels(view.metric) ? to_string(view.levels) : ""},
                               {"better", lower_is_better(evaluation, view.metric) ? "lower" : "higher"},
                               {"cases", std::move(rows)}});
  }
  json["knobs"] = Json::array();
  for (std::size_t item = 0; item < evaluation.cases.size(); ++item) {
    for (const Recovery& r : recoveries(evaluation, item)) {
      json["knobs"].push_back({{"case", evaluation.cases[item].name},
                               {"knob", r.knob},
                               {"system", r.system},
                               {"middle_error", r.middle_error},
                               {"error", to_json(r.error)},
                               {"correlation", to_json(r.correlation)}});
    }
  }
  return json.dump(1) + "\n";
}

}  // namespace soundalike
