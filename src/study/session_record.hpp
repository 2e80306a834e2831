#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "soundalike/study.hpp"
#include "study/plan.hpp"

namespace soundalike {

/// What a session's events come to.
struct SessionRecord {
  bool consented = false;
  bool questions_done = false, questions_after_done = false;
  std::map<std::string, std::string> answers;   ///< JSON values by question
  std::map<std::string, double> ratings;        ///< by blind id
  std::map<std::size_t, std::string> choices;   ///< blind id by page, from 1; "" is no preference
  std::map<std::string, std::string> comments;  ///< by blind id, or page number
  std::map<std::size_t, double> done;           ///< seconds by page
  std::string environment;                      ///< the first event of that type
  std::int64_t next_seq = 1;
};

/// Why an event of this session cannot be, or nothing.
std::optional<std::string> refusal(const StudyEvent& event, const SessionPlan& plan);

/// @param events checked, in any order; the later client_seq counts.
SessionRecord replay(std::vector<StudyEvent> events);

SessionState state_of(std::string_view session, const StudyDefinition& study, const SessionPlan& plan,
                      const SessionRecord& record);

/// Adds a session to the results. Nothing of it without consent.
void add_session(StudyResults& results, const std::string& assessor, const StudyDefinition& study,
                 const SessionPlan& plan, const SessionRecord& record);

}  // namespace soundalike
