#include <fmt/format.h>

#include <map>
#include <set>

#include "soundalike/study_analysis.hpp"

namespace soundalike {
namespace {

constexpr double threshold = 90.0;  // grades
constexpr double share_of_items = 0.15;
constexpr double share_of_assessors = 0.25;

struct Count {
  std::size_t bad = 0, all = 0;
  void add(bool is_bad) {
    bad += is_bad;
    ++all;
  }
  bool more_than(double share) const {
    return all > 0 && static_cast<double>(bad) > share * static_cast<double>(all) + 1e-9;
  }
};

}  // namespace

Screening screen(const StudyResults& results) {
  std::map<std::string, Count> references, anchors, items;
  const auto counts = [](const StudyGrade& g) { return g.kind == TrialKind::mushra && !g.training; };
  for (const StudyGrade& g : results.grades) {
    if (counts(g) && g.role == ConditionRole::anchor70) items[g.trial].add(g.score > threshold);
  }
  Screening screening;
  std::set<std::string> lenient;
  for (const auto& [item, count] : items) {
    if (count.more_than(share_of_assessors)) lenient.insert(item);
  }
  screening.lenient_items.assign(lenient.begin(), lenient.end());
  for (const StudyGrade& g : results.grades) {
    if (!counts(g)) continue;
    if (g.role == ConditionRole::reference) references[g.assessor].add(g.score < threshold);
    if (g.role == ConditionRole::anchor70 && !lenient.contains(g.trial)) anchors[g.assessor].add(g.score > threshold);
  }
  for (const StudyListener& listener : results.listeners) {
    const auto check = [&](const std::map<std::string, Count>& by_assessor, const char* what) {
      const auto found = by_assessor.find(listener.assessor);
      if (found == by_assessor.end() || !found->second.more_than(share_of_items)) return false;
      screening.assessors.push_back(
          {listener.assessor, fmt::format("{} on {} of {} items", what, found->second.bad, found->second.all)});
      return true;
    };
    if (!check(references, "hidden reference under 90")) check(anchors, "mid anchor over 90");
  }
  return screening;
}

}  // namespace soundalike
