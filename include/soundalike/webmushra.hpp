#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "soundalike/study_results.hpp"
#include "soundalike/study_stimuli.hpp"

namespace soundalike {

/// A test of webMUSHRA (audiolabs), as its YAML says it: what build_study() needs to make one of ours. Its paired
/// comparisons, which ask for the reference among two, become ABX of "original" and each stimulus; its Likert pages
/// with one stimulus a page become a page each.
struct WebMushraTest {
  StudyDefinition study;  ///< name, texts, questions
  std::vector<StudyItem> items;
  StimuliOptions options;  ///< anchors as createAnchor35 and 70 say; no alignment: the files are as they shall be
  std::vector<std::string> ignored;  ///< pages of kinds that have no counterpart
};

/// @param root folder that the files' paths start from: webMUSHRA's own.
/// @throws Error not_found; invalid_argument with the line for what is not such a file.
WebMushraTest read_webmushra(const std::filesystem::path& yaml, const std::filesystem::path& root);

/// The same test for webMUSHRA: MUSHRA trials in random order, anchors as stimuli of their own.
/// @param prefix of the files' paths, from webMUSHRA's folder: "configs/resources/overdrive".
/// @throws Error unsupported when the study has no MUSHRA trials.
std::string to_webmushra_yaml(const StudyDefinition& study, const std::string& prefix);

struct WebMushraCsvOptions {
  std::map<std::string, ConditionRole> roles;  ///< "reference", "anchor35" and "anchor70" are known; others are systems
  std::vector<std::string> training;           ///< trials that do not count
  std::map<std::string, std::string> groups;   ///< by trial
};

/// Results of webMUSHRA, which of its tables it is told by the columns, found by name:
///
/// * mushra.csv: session_uuid, trial_id, rating_stimulus and rating_score must be there; rating_time (ms),
/// rating_comment
///   and questionnaires may. The same row twice counts once.
/// * paired_comparison.csv: trial_id, choice_reference, choice_non_reference and choice_answer. Its pages ask which of
///   two signals is the open reference: ABX. "undecided" is no answer; "unknown", a page that was left without one, is
///   left out.
/// * lms.csv, lss.csv: trial_id, stimuli_rating and stimuli; of Likert pages, with ratings that are numbers.
///
/// The last two kinds tell no sessions apart: a listener's rows end where the questionnaire's answers change or
/// something is answered again. Other columns are answers to a questionnaire.
/// @throws Error not_found; invalid_argument with row and column for missing columns, scores that are no numbers from 0
///         to 100 (another locale's decimal comma), or two different scores of one thing.
StudyResults read_webmushra_csv(const std::filesystem::path& file, const WebMushraCsvOptions& options = {});

/// MUSHRA grades with webMUSHRA's columns, for scripts made for it. Training is left out.
std::string to_webmushra_csv(const StudyResults& results);

}  // namespace soundalike
