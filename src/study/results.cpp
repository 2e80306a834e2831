#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "soundalike/study_results.hpp"
#include "study/csv.hpp"
#include "study/names.hpp"
#include "study/session_record.hpp"

namespace soundalike {
namespace {

template <typename Key>
std::string found(const std::map<std::string, std::string>& texts, const Key& key) {
  const auto it = texts.find(key);
  return it == texts.end() ? "" : it->second;
}

// Untouched signals have no grade, and a page counts only once it is done. In the study's order of conditions, not in
// that shown: tables then begin with the same condition whoever came first.
void add_grades(StudyResults& results, const std::string& assessor, const PlannedTrial& page, double seconds,
                const SessionRecord& record) {
  std::vector<PlannedSignal> signals = page.signals;
  std::ranges::stable_sort(signals, {}, [&](const PlannedSignal& s) {
    return std::ranges::find(results.conditions, s.condition, &StudyCondition::name) - results.conditions.begin();
  });
  for (const PlannedSignal& signal : signals) {
    const auto rating = record.ratings.find(signal.blind_id);
    if (rating == record.ratings.end()) continue;
    results.grades.push_back({assessor, page.id, page.group, page.kind, page.training, signal.condition, signal.role,
                              rating->second, seconds, found(record.comments, signal.blind_id)});
  }
}

void add_choice(StudyResults& results, const std::string& assessor, const PlannedTrial& page, std::size_t number,
                double seconds, const SessionRecord& record) {
  const auto choice = record.choices.find(number);
  if (choice == record.choices.end()) return;
  const PlannedSignal* chosen = page.find(choice->second);
  results.choices.push_back({assessor, page.id, page.group, page.kind, page.training, page.signals[0].condition,
                             page.signals[1].condition, chosen != nullptr ? chosen->condition : "",
                             page.x.empty() ? "" : page.x[0].condition, seconds,
                             found(record.comments, std::to_string(number))});
}

}  // namespace

void add_session(StudyResults& results, const std::string& assessor, const StudyDefinition& study,
                 const SessionPlan& plan, const SessionRecord& record) {
  if (!record.consented) return;
  StudyListener listener{assessor, false, 0.0, record.environment};
  for (std::size_t i = 0; i < plan.trials.size(); ++i) {
    const auto done = record.done.find(i + 1);
    if (done == record.done.end()) continue;
    const PlannedTrial& page = plan.trials[i];
    listener.minutes += done->second / 60.0;
    if (page.kind == TrialKind::mushra || page.kind == TrialKind::likert) {
      add_grades(results, assessor, page, done->second, record);
    } else {
      add_choice(results, assessor, page, i + 1, done->second, record);
    }
  }
  listener.finished = state_of("", study, plan, record).stage == SessionStage::finished;
  for (const auto& [question, value] : record.answers) {
    const auto json = nlohmann::json::parse(value);
    results.answers.push_back({assessor, question, json.is_string() ? json.get<std::string>() : value});
  }
  results.listeners.push_back(std::move(listener));
}

std::string grades_csv(const StudyResults& results) {
  CsvWriter csv({"assessor", "trial", "group", "kind", "training", "condition", "role", "score", "seconds", "comment"});
  for (const StudyGrade& g : results.grades) {
    csv.row({g.assessor, g.trial, g.group, std::string(name_of(g.kind)), g.training ? "1" : "0", g.condition,
             std::string(name_of(g.role)), fmt::format("{}", g.score), fmt::format("{}", g.seconds), g.comment});
  }
  return csv.text();
}

std::string choices_csv(const StudyResults& results) {
  CsvWriter csv(
      {"assessor", "trial", "group", "kind", "training", "first", "second", "chosen", "truth", "seconds", "comment"});
  for (const StudyChoice& c : results.choices) {
    csv.row({c.assessor, c.trial, c.group, std::string(name_of(c.kind)), c.training ? "1" : "0", c.first, c.second,
             c.chosen, c.truth, fmt::format("{}", c.seconds), c.comment});
  }
  return csv.text();
}

std::string answers_csv(const StudyResults& results) {
  CsvWriter csv({"assessor", "question", "answer"});
  for (const StudyAnswer& a : results.answers) csv.row({a.assessor, a.question, a.value});
  return csv.text();
}

}  // namespace soundalike
