#include <cmath>
#include <nlohmann/json.hpp>

#include "soundalike/study_analysis.hpp"

namespace soundalike {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no infinity.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json interval_json(const Interval& i) { return {{"mean", i.mean}, {"low", i.low}, {"high", i.high}}; }

Json conditions_json(const std::vector<ConditionSummary>& conditions) {
  Json out = Json::array();
  for (const ConditionSummary& c : conditions) {
    out.push_back({{"condition", c.condition},
                   {"role", to_string(c.role)},
                   {"grades", c.box.count},
                   {"median", c.box.median},
                   {"quartiles", {c.box.quartile1, c.box.quartile3}},
                   {"iqr", c.box.iqr()},
                   {"outliers", c.box.outliers},
                   {"mean", interval_json(c.mean)},
                   {"bimodality", c.bimodality}});
  }
  return out;
}

Json comparison_json(const ConditionComparison& c) {
  Json power = Json::array();
  for (const auto& [n, p] : c.power) power.push_back({{"assessors", n}, {"power", p}});
  return {{"first", c.first},
          {"second", c.second},
          {"difference", interval_json(c.difference)},
          {"median_difference", c.median_difference},
          {"wilcoxon", {{"p", c.wilcoxon_p}, {"holm", c.wilcoxon_adjusted}}},
          {"nemenyi", c.nemenyi_p},
          {"permutation", {{"p", c.permutation_p}, {"hochberg", c.permutation_adjusted}}},
          {"rank_biserial", c.rank_biserial},
          {"dz", number(c.dz)},
          {"power", std::move(power)}};
}

Json scope_json(const ScopeAnalysis& s) {
  Json out{{"group", s.group},
           {"kind", to_string(s.kind)},
           {"assessors", s.assessors},
           {"incomplete", s.incomplete},
           {"conditions", conditions_json(s.conditions)},
           {"compared", s.compared}};
  if (s.friedman) {
    out["friedman"] = {{"chi_squared", s.friedman->chi_squared},
                       {"p", s.friedman->p},
                       {"kendall_w", s.friedman->kendall_w},
                       {"mean_ranks", s.friedman->mean_ranks}};
  }
  if (s.anova) {
    out["anova"] = {
        {"f", number(s.anova->f)},
        {"degrees", {s.anova->numerator, s.anova->denominator}},
        {"p", s.anova->p},
        {"greenhouse_geisser", {{"epsilon", s.anova->greenhouse_geisser}, {"p", s.anova->p_greenhouse_geisser}}},
        {"huynh_feldt", {{"epsilon", s.anova->huynh_feldt}, {"p", s.anova->p_huynh_feldt}}},
        {"partial_eta_squared", s.anova->partial_eta_squared}};
  }
  out["comparisons"] = Json::array();
  for (const ConditionComparison& c : s.comparisons) out["comparisons"].push_back(comparison_json(c));
  return out;
}

}  // namespace

std::string to_json(const StudyAnalysis& a) {
  Json out{{"study", a.name},        {"attribute", a.attribute}, {"standard", a.standard}, {"listeners", a.listeners},
           {"finished", a.finished}, {"minutes", nullptr},       {"warnings", a.warnings}};
  if (a.minutes) out["minutes"] = {{"mean", a.minutes->first}, {"standard_deviation", a.minutes->second}};
  Json excluded = Json::array();
  for (const auto& [assessor, reason] : a.screening.assessors) {
    excluded.push_back({{"assessor", assessor}, {"reason", reason}});
  }
  out["screening"] = {{"excluded", std::move(excluded)}, {"lenient_items", a.screening.lenient_items}};
  for (const char* key : {"scopes", "items", "answers", "preferences", "abx"}) out[key] = Json::array();
  for (const ScopeAnalysis& s : a.scopes) out["scopes"].push_back(scope_json(s));
  for (const ItemAnalysis& i : a.items) {
    out["items"].push_back({{"trial", i.trial},
                            {"group", i.group},
                            {"kind", to_string(i.kind)},
                            {"friedman", {{"p", i.friedman_p}, {"hochberg", i.adjusted_p}}},
                            {"conditions", conditions_json(i.conditions)}});
  }
  for (const AnswerAnalysis& s : a.answers) {
    out["answers"].push_back({{"question", a.options.split_by},
                              {"answer", s.answer},
                              {"kind", to_string(s.kind)},
                              {"listeners", s.listeners},
                              {"conditions", conditions_json(s.conditions)}});
  }
  for (const PreferenceAnalysis& p : a.preferences) {
    out["preferences"].push_back({{"group", p.group},
                                  {"first", p.first},
                                  {"second", p.second},
                                  {"wins", p.wins},
                                  {"losses", p.losses},
                                  {"ties", p.ties},
                                  {"share", interval_json(p.share)},
                                  {"p", p.p},
                                  {"holm", p.adjusted_p}});
  }
  for (const AbxAnalysis& x : a.abx) {
    out["abx"].push_back({{"group", x.group},
                          {"first", x.first},
                          {"second", x.second},
                          {"correct", x.correct},
                          {"total", x.total},
                          {"p", x.p},
                          {"holm", x.adjusted_p}});
  }
  return out.dump(2) + "\n";
}

}  // namespace soundalike
