#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike {

/// How listeners are asked in a trial.
enum class TrialKind {
  mushra,  ///< every signal 0 to 100 beside an open reference (ITU-R BS.1534-3)
  paired,  ///< two signals: which is preferred (or nearer to the reference, where there is one)
  abx,     ///< two signals and X, which is one of them: which
  likert,  ///< every signal on a scale with few labelled steps
};
std::string_view to_string(TrialKind kind);

/// What a condition is for. Only systems are compared; the others say whether a listener listened.
enum class ConditionRole { system, reference, anchor35, anchor70, anchor };
std::string_view to_string(ConditionRole role);

struct StudyCondition {
  std::string name;  ///< as results call it; listeners never see it
  ConditionRole role = ConditionRole::system;
};

enum class QuestionKind { text, long_text, number, choice, likert };
std::string_view to_string(QuestionKind kind);

/// A question of the questionnaires before the training and after the last trial.
struct StudyQuestion {
  std::string id;
  std::string text;
  QuestionKind kind = QuestionKind::text;
  std::vector<std::string> choices;     ///< of choice and likert, in order
  double minimum = 0.0, maximum = 0.0;  ///< of number; equal: any
  bool required = false;
  bool after = false;  ///< asked at the end
};

struct TrialSignal {
  std::string condition;
  std::filesystem::path file;  ///< relative to the study's folder
};

/// One page of the test. Where it has more than two signals, paired and abx make a page of every pair.
struct StudyTrial {
  std::string id;
  TrialKind kind = TrialKind::mushra;
  bool training = false;            ///< comes first and never counts
  std::string group;                ///< material that belongs together in the report, such as the effect; may be empty
  std::string prompt;               ///< empty: that of the study
  std::filesystem::path reference;  ///< heard openly; may be empty but for mushra
  std::vector<TrialSignal> signals;
  std::vector<std::string> scale;  ///< of likert: what the steps are called, lowest first
  bool ties = false;               ///< of paired: "no preference" is an answer
  std::size_t repeats = 1;         ///< of paired and abx: how often each pair is asked
};

enum class TrialOrder {
  random,  ///< shuffled anew for every session
  latin,   ///< balanced Latin square over sessions (Williams 1949): each trial as often at each place
  fixed,   ///< as written; signals within a trial are shuffled all the same
};
std::string_view to_string(TrialOrder order);

/// A listening test as its folder says it: study.toml, format in docs/formats.md.
///
///   StudyDefinition study = read_study("overdrive-study");
///   for (const LintFinding& f : lint(study, "overdrive-study")) std::cerr << f.where << ": " << f.message << "\n";
struct StudyDefinition {
  std::string name;  ///< letters, digits, - and _; in addresses and results
  std::string title;
  std::string attribute;  ///< what is judged, one thing: "basic audio quality"
  std::string prompt;     ///< the question above every trial
  std::string consent;    ///< agreed to before anything is stored
  std::string instructions;
  std::string farewell;
  std::uint64_t seed = 0;  ///< orders follow from it
  TrialOrder order = TrialOrder::random;
  bool loop = true;           ///< signals may be looped
  std::string length_reason;  ///< why signals are longer than 12 s, for the report
  std::vector<StudyCondition> conditions;
  std::vector<StudyQuestion> questions;
  std::vector<StudyTrial> trials;

  /// @throws Error internal for a name that no condition has; read_study() does not let one through.
  ConditionRole role(std::string_view condition) const;
};

/// The file in a study's folder.
inline constexpr const char* study_file = "study.toml";

/// @throws Error not_found without study.toml; invalid_argument for what is not a study, naming the line and the key:
///         unknown keys, duplicate ids, signals of unknown conditions, files outside the folder.
StudyDefinition read_study(const std::filesystem::path& folder);
/// The same from text; `file` stands in errors.
StudyDefinition parse_study(std::string_view toml, const std::string& file);
/// What read_study() reads again, equal in everything.
std::string to_toml(const StudyDefinition& study);

struct LintFinding {
  bool error = false;  ///< the study cannot be run; else it can, and the report will say so
  std::string where;   ///< "trial speech1", "study"
  std::string message;
};

/// What is wrong with a study before listeners' time is spent on it: the rules of BS.1534-3 that software can check,
/// and the signals themselves: rates, lengths, channels, NaN, silence, loudness. Reads every file.
std::vector<LintFinding> lint(const StudyDefinition& study, const std::filesystem::path& folder);

}  // namespace soundalike
