#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/study_definition.hpp"

namespace soundalike {

/// A signal as one session hears it.
struct PlannedSignal {
  std::string blind_id;
  std::string condition;  ///< empty: the open reference
  ConditionRole role = ConditionRole::system;
  std::string file;  ///< relative to the study's folder
};

/// A page of one session.
struct PlannedTrial {
  std::string id;  ///< of the study's trial; several pages may come from one
  TrialKind kind = TrialKind::mushra;
  bool training = false;
  std::string group, prompt;
  std::vector<PlannedSignal> reference;  ///< none or one
  std::vector<PlannedSignal> signals;    ///< in the order shown
  std::vector<PlannedSignal> x;          ///< of abx: one
  std::vector<std::string> scale;
  bool ties = false;

  /// The signal of that blind id, the reference and X among them, or null.
  const PlannedSignal* find(std::string_view blind_id) const;
};

/// Everything about a session that chance decides, fixed when it is created.
struct SessionPlan {
  std::vector<PlannedTrial> trials;  ///< training first
};

/// The plan of a study's session number `ordinal`, from 0. Orders follow from the study's seed and the number alone;
/// blind ids from `secret` too, which must be random for every session: whoever knows the study could else work them
/// out.
SessionPlan plan_session(const StudyDefinition& study, std::size_t ordinal, std::string_view secret);

/// Row `row` of a balanced Latin square of size n (Williams 1949): over n rows (2n for odd n) each item is at each
/// place, and after each other item, equally often.
std::vector<std::size_t> williams_row(std::size_t n, std::size_t row);

/// As stored.
std::string to_json(const SessionPlan& plan);
/// @throws Error invalid_argument for what is no plan.
SessionPlan parse_plan(std::string_view json);

}  // namespace soundalike
