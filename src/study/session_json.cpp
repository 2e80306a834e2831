#include <nlohmann/json.hpp>

#include "soundalike/error.hpp"
#include "soundalike/study.hpp"
#include "study/names.hpp"

namespace soundalike {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json trial_json(const TrialView& trial) {
  Json out{{"number", trial.number},
           {"kind", name_of(trial.kind)},
           {"training", trial.training},
           {"prompt", trial.prompt},
           {"reference", text_or_null(trial.reference)},
           {"stimuli", trial.stimuli},
           {"x", text_or_null(trial.x)},
           {"scale", trial.scale},
           {"ties", trial.ties},
           {"loop", trial.loop},
           {"ratings", Json::object()}};
  for (const auto& [id, score] : trial.ratings) out["ratings"][id] = score;
  out["chosen"] = trial.choice.has_value();
  out["choice"] = trial.choice ? text_or_null(*trial.choice) : Json(nullptr);
  return out;
}

}  // namespace

std::string to_json(const StudyDefinition& study) {
  Json questions = Json::array();
  for (const StudyQuestion& q : study.questions) {
    Json question{{"id", q.id},           {"text", q.text},         {"kind", name_of(q.kind)},
                  {"choices", q.choices}, {"required", q.required}, {"after", q.after}};
    if (q.minimum != q.maximum) question.update({{"minimum", q.minimum}, {"maximum", q.maximum}});
    questions.push_back(std::move(question));
  }
  return Json{{"name", study.name},           {"title", study.title},
              {"attribute", study.attribute}, {"prompt", study.prompt},
              {"consent", study.consent},     {"instructions", study.instructions},
              {"farewell", study.farewell},   {"questions", std::move(questions)}}
      .dump();
}

std::string to_json(const SessionState& state) {
  Json answers = Json::object();
  for (const auto& [question, value] : state.answers) answers[question] = Json::parse(value);
  return Json{{"session", state.session},
              {"stage", name_of(state.stage)},
              {"trials_done", state.trials_done},
              {"trials", state.trials},
              {"trial", state.trial ? trial_json(*state.trial) : Json(nullptr)},
              {"answers", std::move(answers)},
              {"next_seq", state.next_seq}}
      .dump();
}

std::string to_json(const AppendResult& result) {
  Json refused = Json::array();
  for (const auto& [seq, reason] : result.refused) refused.push_back({{"client_seq", seq}, {"reason", reason}});
  return Json{{"accepted", result.accepted}, {"repeated", result.repeated}, {"refused", std::move(refused)}}.dump();
}

std::vector<StudyEvent> parse_events(std::string_view json) {
  const auto refuse = [](const std::string& why) {
    throw Error(ErrorCode::invalid_argument,
                "cannot take events: " + why + "; expected a list of {client_seq, type, body}");
  };
  const Json list = Json::parse(json, nullptr, false);
  if (!list.is_array()) refuse("not a JSON list");
  std::vector<StudyEvent> events;
  for (const Json& item : list) {
    const bool complete = item.is_object() && item.contains("client_seq") && item["client_seq"].is_number_integer() &&
                          item.contains("type") && item["type"].is_string() && item.contains("body") &&
                          item["body"].is_object();
    if (!complete) refuse("number " + std::to_string(events.size() + 1) + " is no event");
    events.push_back({item["client_seq"], item["type"], item["body"].dump()});
  }
  return events;
}

}  // namespace soundalike
