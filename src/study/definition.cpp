#include <algorithm>

#include "soundalike/error.hpp"
#include "soundalike/study_definition.hpp"
#include "study/names.hpp"

namespace soundalike {

std::string_view to_string(TrialKind kind) { return name_of(kind); }
std::string_view to_string(ConditionRole role) { return name_of(role); }
std::string_view to_string(QuestionKind kind) { return name_of(kind); }
std::string_view to_string(TrialOrder order) { return name_of(order); }
std::string_view to_string(SessionStage stage) { return name_of(stage); }

ConditionRole StudyDefinition::role(std::string_view condition) const {
  const auto found = std::ranges::find(conditions, condition, &StudyCondition::name);
  if (found == conditions.end()) {
    throw Error(ErrorCode::internal, "study '" + name + "' has no condition '" + std::string(condition) + "'");
  }
  return found->role;
}

}  // namespace soundalike
