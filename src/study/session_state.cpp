#include <algorithm>

#include "study/session_record.hpp"

namespace soundalike {
namespace {

TrialView view_of(const PlannedTrial& page, std::size_t number, const StudyDefinition& study,
                  const SessionRecord& record) {
  TrialView view;
  view.number = number;
  view.kind = page.kind;
  view.training = page.training;
  view.prompt = page.prompt;
  if (!page.reference.empty()) view.reference = page.reference[0].blind_id;
  if (!page.x.empty()) view.x = page.x[0].blind_id;
  view.scale = page.scale;
  view.ties = page.ties;
  view.loop = study.loop;
  for (const PlannedSignal& signal : page.signals) {
    view.stimuli.push_back(signal.blind_id);
    const auto rating = record.ratings.find(signal.blind_id);
    if (rating != record.ratings.end()) view.ratings[signal.blind_id] = rating->second;
  }
  const auto choice = record.choices.find(number);
  if (choice != record.choices.end()) view.choice = choice->second;
  return view;
}

}  // namespace

SessionState state_of(std::string_view session, const StudyDefinition& study, const SessionPlan& plan,
                      const SessionRecord& record) {
  SessionState state;
  state.session = session;
  state.answers = record.answers;
  state.next_seq = record.next_seq;
  state.trials = plan.trials.size();
  state.trials_done = record.done.size();
  const auto asks = [&](bool after) {
    return std::ranges::any_of(study.questions, [&](const StudyQuestion& q) { return q.after == after; });
  };
  std::size_t page = 0;
  while (page < plan.trials.size() && record.done.contains(page + 1)) ++page;
  if (!record.consented) {
    state.stage = SessionStage::consent;
  } else if (asks(false) && !record.questions_done) {
    state.stage = SessionStage::questions;
  } else if (page < plan.trials.size()) {
    state.stage = plan.trials[page].training ? SessionStage::training : SessionStage::trials;
    state.trial = view_of(plan.trials[page], page + 1, study, record);
  } else if (asks(true) && !record.questions_after_done) {
    state.stage = SessionStage::questions_after;
  } else {
    state.stage = SessionStage::finished;
  }
  return state;
}

}  // namespace soundalike
