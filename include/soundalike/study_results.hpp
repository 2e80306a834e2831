#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "soundalike/study_definition.hpp"

namespace soundalike {

/// What one listener said of one signal.
struct StudyGrade {
  std::string assessor;  ///< "A001": in the order of sessions, not the session's code
  std::string trial, group;
  TrialKind kind = TrialKind::mushra;
  bool training = false;
  std::string condition;
  ConditionRole role = ConditionRole::system;
  double score = 0.0;
  double seconds = 0.0;  ///< spent on the page, all signals together; 0 unknown
  std::string comment;
};

/// What one listener chose of two.
struct StudyChoice {
  std::string assessor;
  std::string trial, group;
  TrialKind kind = TrialKind::paired;
  bool training = false;
  std::string first, second;  ///< conditions
  std::string chosen;         ///< one of them; empty: no preference
  std::string truth;          ///< of abx: what X was
  double seconds = 0.0;
  std::string comment;
};

struct StudyAnswer {
  std::string assessor, question, value;
};

/// One session as a whole.
struct StudyListener {
  std::string assessor;
  bool finished = false;
  double minutes = 0.0;     ///< over the pages, each counted once
  std::string environment;  ///< what the page noted of device and browser: a JSON object, or empty
};

/// Everything a study has heard, of listeners who agreed to take part: one row each, ready for analysis.
///
///   StudyResults results = study.results();
///   write_file("grades.csv", grades_csv(results));
struct StudyResults {
  std::string name, attribute;
  std::vector<StudyCondition> conditions;  ///< those that occur, in the study's order
  std::vector<StudyListener> listeners;
  std::vector<StudyGrade> grades;    ///< ordered by listener and trial
  std::vector<StudyChoice> choices;  ///< the same
  std::vector<StudyAnswer> answers;
};

/// Tidy tables: a header, one row per grade, choice or answer; RFC 4180, decimal points whatever the locale.
std::string grades_csv(const StudyResults& results);
std::string choices_csv(const StudyResults& results);
std::string answers_csv(const StudyResults& results);

/// What grades_csv() wrote, so that anyone with the table can repeat the analysis. Listeners have finished as far as it
/// tells; choices and answers are not in it.
/// @throws Error not_found; invalid_argument naming row and column.
StudyResults read_grades_csv(const std::filesystem::path& file);
/// Whether a file's first line is that of grades_csv().
bool is_grades_csv(const std::filesystem::path& file);

}  // namespace soundalike
