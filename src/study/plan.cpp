#include "study/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "soundalike/rng.hpp"
#include "soundalike/sha256.hpp"
#include "soundalike/study_stimuli.hpp"

namespace soundalike {
namespace {

template <typename T>
void shuffle(std::vector<T>& items, Rng& rng) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[rng.below(i)]);
}

PlannedSignal planned(const TrialSignal& signal, const StudyDefinition& study) {
  return {"", signal.condition, study.role(signal.condition), signal.file.generic_string()};
}

// The study's question suits trials of one kind. Where there are several, it is that of the MUSHRA pages, and others
// have what their kind asks.
std::string question_of(const StudyTrial& trial, const StudyDefinition& study) {
  if (!trial.prompt.empty()) return trial.prompt;
  const bool one_kind = std::ranges::all_of(study.trials, [&](const StudyTrial& t) { return t.kind == trial.kind; });
  if (one_kind || trial.kind == TrialKind::mushra) return study.prompt;
  if (trial.kind == TrialKind::paired && trial.reference.empty()) return "Which of the two do you prefer?";
  return default_study(trial.kind).prompt;
}

PlannedTrial page_of(const StudyTrial& trial, const StudyDefinition& study) {
  PlannedTrial page;
  page.id = trial.id;
  page.kind = trial.kind;
  page.training = trial.training;
  page.group = trial.group;
  page.prompt = question_of(trial, study);
  if (!trial.reference.empty())
    page.reference.push_back({"", "", ConditionRole::reference, trial.reference.generic_string()});
  page.scale = trial.scale;
  page.ties = trial.ties;
  return page;
}

// One page, or one for every pair and repeat.
std::vector<PlannedTrial> pages_of(const StudyTrial& trial, const StudyDefinition& study) {
  const PlannedTrial empty = page_of(trial, study);
  if (trial.kind == TrialKind::mushra || trial.kind == TrialKind::likert) {
    PlannedTrial page = empty;
    for (const TrialSignal& signal : trial.signals) page.signals.push_back(planned(signal, study));
    return {page};
  }
  std::vector<PlannedTrial> pages;
  for (std::size_t a = 0; a < trial.signals.size(); ++a) {
    for (std::size_t b = a + 1; b < trial.signals.size(); ++b) {
      PlannedTrial page = empty;
      page.signals = {planned(trial.signals[a], study), planned(trial.signals[b], study)};
      pages.insert(pages.end(), trial.repeats, page);
    }
  }
  return pages;
}

template <typename T>
std::vector<T> reordered(const std::vector<T>& items, const std::vector<std::size_t>& order) {
  std::vector<T> result;
  result.reserve(order.size());
  for (const std::size_t i : order) result.push_back(items[i]);
  return result;
}

}  // namespace

const PlannedSignal* PlannedTrial::find(std::string_view blind_id) const {
  for (const auto* list : {&reference, &signals, &x}) {
    const auto found = std::ranges::find(*list, blind_id, &PlannedSignal::blind_id);
    if (found != list->end()) return &*found;
  }
  return nullptr;
}

std::vector<std::size_t> williams_row(std::size_t n, std::size_t row) {
  std::vector<std::size_t> order(n);
  const bool mirrored = n % 2 == 1 && (row / n) % 2 == 1;
  for (std::size_t i = 0; i < n; ++i) {
    // 0, n-1, 1, n-2, ... shifted by the row.
    const std::size_t first = i % 2 == 0 ? i / 2 : n - 1 - i / 2;
    order[i] = (first + row) % n;
  }
  if (mirrored) std::ranges::reverse(order);
  return order;
}

SessionPlan plan_session(const StudyDefinition& study, std::size_t ordinal, std::string_view secret) {
  Rng rng = Rng::derive(study.seed, ordinal, 0x57d9);
  std::vector<PlannedTrial> training, trials;
  for (const StudyTrial& trial : study.trials) {
    for (PlannedTrial& page : pages_of(trial, study)) (trial.training ? training : trials).push_back(std::move(page));
  }
  if (study.order == TrialOrder::random) shuffle(trials, rng);
  if (study.order == TrialOrder::latin) trials = reordered(trials, williams_row(trials.size(), ordinal));
  SessionPlan plan;
  plan.trials = std::move(training);
  plan.trials.insert(plan.trials.end(), trials.begin(), trials.end());
  std::size_t count = 0;
  const auto name = [&](PlannedSignal& signal) {
    signal.blind_id = sha256_hex(fmt::format("{}/{}", secret, count++)).substr(0, 24);
  };
  for (PlannedTrial& page : plan.trials) {
    shuffle(page.signals, rng);
    if (page.kind == TrialKind::abx) page.x.push_back(page.signals[rng.below(2)]);
    for (auto* signals : {&page.reference, &page.signals, &page.x}) std::ranges::for_each(*signals, name);
  }
  return plan;
}

}  // namespace soundalike
