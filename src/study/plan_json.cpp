#include <nlohmann/json.hpp>

#include "soundalike/error.hpp"
#include "study/names.hpp"
#include "study/plan.hpp"

namespace soundalike {
namespace {

using Json = nlohmann::ordered_json;

Json signals_json(const std::vector<PlannedSignal>& signals) {
  Json out = Json::array();
  for (const PlannedSignal& s : signals) out.push_back({s.blind_id, s.condition, name_of(s.role), s.file});
  return out;
}

template <typename Enum>
Enum read_name(const Json& json) {
  const auto value = from_name<Enum>(json.get<std::string>());
  if (!value) throw Error(ErrorCode::invalid_argument, "cannot read a session's plan: unknown word " + json.dump());
  return *value;
}

std::vector<PlannedSignal> read_signals(const Json& json) {
  std::vector<PlannedSignal> out;
  for (const Json& s : json) {
    out.push_back({s.at(0), s.at(1), read_name<ConditionRole>(s.at(2)), s.at(3)});
  }
  return out;
}

}  // namespace

std::string to_json(const SessionPlan& plan) {
  Json trials = Json::array();
  for (const PlannedTrial& t : plan.trials) {
    trials.push_back({{"id", t.id},
                      {"kind", name_of(t.kind)},
                      {"training", t.training},
                      {"group", t.group},
                      {"prompt", t.prompt},
                      {"reference", signals_json(t.reference)},
                      {"signals", signals_json(t.signals)},
                      {"x", signals_json(t.x)},
                      {"scale", t.scale},
                      {"ties", t.ties}});
  }
  return Json{{"trials", std::move(trials)}}.dump();
}

SessionPlan parse_plan(std::string_view json) {
  try {
    SessionPlan plan;
    const Json document = Json::parse(json);
    for (const Json& t : document.at("trials")) {
      plan.trials.push_back({.id = t.at("id"),
                             .kind = read_name<TrialKind>(t.at("kind")),
                             .training = t.at("training"),
                             .group = t.at("group"),
                             .prompt = t.at("prompt"),
                             .reference = read_signals(t.at("reference")),
                             .signals = read_signals(t.at("signals")),
                             .x = read_signals(t.at("x")),
                             .scale = t.at("scale").get<std::vector<std::string>>(),
                             .ties = t.at("ties")});
    }
    return plan;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::invalid_argument, std::string("cannot read a session's plan: ") + error.what());
  }
}

}  // namespace soundalike
