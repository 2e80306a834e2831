#include "study/session_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace soundalike {
namespace {

using Json = nlohmann::json;

constexpr std::size_t longest_body = 16384;
constexpr std::int64_t largest_seq = 100'000'000;

// Types of events, and what each must hold. A check says what is wrong, or nothing.
using Check = std::string (*)(const Json& body, const SessionPlan& plan);

std::string needs(const Json& body, const char* key, bool (Json::*is)() const, const char* kind) {
  return body.contains(key) && (body[key].*is)() ? "" : fmt::format("its body needs '{}', {}", key, kind);
}

const PlannedTrial* page_of(std::string_view blind_id, const SessionPlan& plan) {
  const auto found =
      std::ranges::find_if(plan.trials, [&](const PlannedTrial& t) { return t.find(blind_id) != nullptr; });
  return found == plan.trials.end() ? nullptr : &*found;
}

std::string check_page(const Json& body, const SessionPlan& plan) {
  if (auto why = needs(body, "trial", &Json::is_number_unsigned, "a page's number"); !why.empty()) return why;
  const auto number = body["trial"].get<std::size_t>();
  return number >= 1 && number <= plan.trials.size() ? "" : fmt::format("there is no page {}", number);
}

std::string check_consent(const Json& body, const SessionPlan&) {
  return needs(body, "agreed", &Json::is_boolean, "true or false");
}

std::string check_answer(const Json& body, const SessionPlan&) {
  if (auto why = needs(body, "question", &Json::is_string, "a text"); !why.empty()) return why;
  return body.contains("value") && body["value"].is_primitive() ? "" : "its body needs 'value', a text or a number";
}

std::string check_rating(const Json& body, const SessionPlan& plan) {
  if (auto why = needs(body, "stimulus", &Json::is_string, "a signal's id"); !why.empty()) return why;
  if (auto why = needs(body, "score", &Json::is_number, "a number"); !why.empty()) return why;
  const auto id = body["stimulus"].get<std::string>();
  const PlannedTrial* page = page_of(id, plan);
  if (page == nullptr || std::ranges::find(page->signals, id, &PlannedSignal::blind_id) == page->signals.end()) {
    return fmt::format("there is no signal '{}' to rate", id);
  }
  const bool likert = page->kind == TrialKind::likert;
  if (!likert && page->kind != TrialKind::mushra)
    return fmt::format("signals of {} pages are chosen, not rated", to_string(page->kind));
  const double low = likert ? 1.0 : 0.0;
  const double high = likert ? static_cast<double>(page->scale.size()) : 100.0;
  const double score = body["score"].get<double>();
  if (score >= low && score <= high && (!likert || score == std::floor(score))) return "";
  return fmt::format("score {} is not {}from {} to {}", score, likert ? "a whole number " : "", low, high);
}

std::string check_choice(const Json& body, const SessionPlan& plan) {
  if (auto why = check_page(body, plan); !why.empty()) return why;
  const PlannedTrial& page = plan.trials[body["trial"].get<std::size_t>() - 1];
  if (page.kind != TrialKind::paired && page.kind != TrialKind::abx) {
    return fmt::format("signals of {} pages are rated, not chosen", to_string(page.kind));
  }
  if (!body.contains("stimulus")) return "its body needs 'stimulus', a signal's id or null";
  if (body["stimulus"].is_null()) return page.ties ? "" : "this page has no 'no preference'";
  if (!body["stimulus"].is_string()) return "its body needs 'stimulus', a signal's id or null";
  const auto id = body["stimulus"].get<std::string>();
  return std::ranges::find(page.signals, id, &PlannedSignal::blind_id) != page.signals.end()
             ? ""
             : fmt::format("page {} has no signal '{}' to choose", body["trial"].get<std::size_t>(), id);
}

std::string check_comment(const Json& body, const SessionPlan& plan) {
  if (auto why = needs(body, "text", &Json::is_string, "a text"); !why.empty()) return why;
  if (!body.contains("stimulus")) return check_page(body, plan);
  return body["stimulus"].is_string() && page_of(body["stimulus"].get<std::string>(), plan) != nullptr
             ? ""
             : "there is no such signal";
}

std::string check_nothing(const Json&, const SessionPlan&) { return ""; }

struct EventType {
  std::string_view name;
  Check check;
};
constexpr EventType types[] = {
    {"consent", check_consent}, {"answer", check_answer},       {"questions_done", check_nothing},
    {"rating", check_rating},   {"choice", check_choice},       {"comment", check_comment},
    {"trial_done", check_page}, {"played", check_nothing},      {"switched", check_nothing},
    {"volume", check_nothing},  {"environment", check_nothing}, {"note", check_nothing},
};

}  // namespace

std::optional<std::string> refusal(const StudyEvent& event, const SessionPlan& plan) {
  if (event.client_seq < 1 || event.client_seq > largest_seq) return "client_seq counts from 1";
  const auto* type = std::ranges::find(types, event.type, &EventType::name);
  if (type == std::end(types)) return fmt::format("'{}' is no type of event", event.type.substr(0, 40));
  if (event.body.size() > longest_body) return fmt::format("its body has more than {} bytes", longest_body);
  const Json body = Json::parse(event.body, nullptr, false);
  if (!body.is_object()) return "its body is no JSON object";
  std::string why = type->check(body, plan);
  return why.empty() ? std::nullopt : std::optional(std::move(why));
}

SessionRecord replay(std::vector<StudyEvent> events) {
  std::ranges::sort(events, {}, &StudyEvent::client_seq);
  SessionRecord record;
  for (const StudyEvent& event : events) {
    record.next_seq = event.client_seq + 1;
    const Json body = Json::parse(event.body);
    if (event.type == "consent") {
      record.consented = body["agreed"].get<bool>();
    } else if (event.type == "answer") {
      record.answers[body["question"].get<std::string>()] = body["value"].dump();
    } else if (event.type == "questions_done") {
      (body.value("after", false) ? record.questions_after_done : record.questions_done) = true;
    } else if (event.type == "rating") {
      record.ratings[body["stimulus"].get<std::string>()] = body["score"].get<double>();
    } else if (event.type == "choice") {
      const auto& chosen = body["stimulus"];
      record.choices[body["trial"].get<std::size_t>()] = chosen.is_null() ? "" : chosen.get<std::string>();
    } else if (event.type == "comment") {
      const auto& of = body.contains("stimulus") ? body["stimulus"] : body["trial"];
      record.comments[of.is_string() ? of.get<std::string>() : of.dump()] = body["text"].get<std::string>();
    } else if (event.type == "trial_done") {
      const auto seconds = body.find("seconds");
      record.done[body["trial"].get<std::size_t>()] =
          seconds != body.end() && seconds->is_number() ? seconds->get<double>() : 0.0;
    } else if (event.type == "environment" && record.environment.empty()) {
      record.environment = event.body;
    }
  }
  return record;
}

}  // namespace soundalike
