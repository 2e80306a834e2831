#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/study_definition.hpp"
#include "soundalike/study_results.hpp"

namespace soundalike {

/// Where a session stands. Stages follow one another; those that a study has no use for are skipped.
enum class SessionStage { consent, questions, training, trials, questions_after, finished };
std::string_view to_string(SessionStage stage);

/// One thing that a listener did. `client_seq` counts a session's events from 1, in the order they happened; it makes
/// sending again harmless, and of two answers to the same question the later counts, whatever order they arrive in.
///
/// | type | body |
/// |---|---|
/// | consent | {"agreed": true} |
/// | answer | {"question": id, "value": text or number} |
/// | questions_done | {"after": false} |
/// | rating | {"stimulus": blind id, "score": number}: 0 to 100, or 1 to the steps of a Likert scale |
/// | choice | {"trial": number, "stimulus": blind id, or null for "no preference"} |
/// | comment | {"stimulus": blind id, "text": text} or {"trial": number, "text": text} |
/// | trial_done | {"trial": number, "seconds": time spent} |
/// | played, switched, volume, environment, note | anything: kept for the record |
struct StudyEvent {
  std::int64_t client_seq = 0;
  std::string type;
  std::string body;  ///< a JSON object
};

struct AppendResult {
  std::size_t accepted = 0;
  std::size_t repeated = 0;  ///< were there already
  struct Refusal {
    std::int64_t client_seq = 0;
    std::string reason;
  };
  std::vector<Refusal> refused;  ///< cannot be; sending them again will not help
};

/// A page as a listener may see it: no condition, no file.
struct TrialView {
  std::size_t number = 0;  ///< in the session, from 1; training counts too
  TrialKind kind = TrialKind::mushra;
  bool training = false;
  std::string prompt;
  std::string reference;             ///< blind id, or empty
  std::vector<std::string> stimuli;  ///< blind ids, in the order to show
  std::string x;                     ///< of abx: blind id of X
  std::vector<std::string> scale;
  bool ties = false;
  bool loop = true;
  std::map<std::string, double> ratings;  ///< so far, by blind id
  std::optional<std::string> choice;      ///< so far; "" is no preference
};

struct SessionState {
  std::string session;
  SessionStage stage = SessionStage::consent;
  std::size_t trials_done = 0, trials = 0;     ///< training included
  std::optional<TrialView> trial;              ///< in training and trials
  std::map<std::string, std::string> answers;  ///< JSON values by question
  std::int64_t next_seq = 1;                   ///< one more than the largest stored
};

/// A listening test under way: its definition, and every session in results.sqlite beside it.
///
///   Study study("overdrive-study");
///   std::string code = study.create_session();               // the listener's link holds it
///   std::cout << to_json(study.state(code));                 // what to show now
///   study.append(code, parse_events(R"([{"client_seq": 1, "type": "consent", "body": {"agreed": true}}])"));
///   fs::path wav = study.stimulus(code, blind_id);           // what to play
///
/// An event is on the disk, in the database and in its mirror results.jsonl, when append() returns: killing the program
/// or the machine afterwards loses nothing, killing it before leaves nothing half done. Sessions keep the order, the
/// blind ids and the files they began with, also when study.toml is edited later.
///
/// Anonymous: a session is a random code, of which nothing but the events is stored. Whoever has the code can take
/// its data away (export_session) and erase it. Safe from many threads, and from several programs at once.
class Study {
 public:
  /// Makes results.sqlite when there is none.
  /// @throws Error what read_study() throws; io; bad_audio when a file is missing; unsupported for a database of a
  /// later
  ///         version.
  explicit Study(const std::filesystem::path& folder);
  ~Study();
  Study(Study&&) noexcept;
  Study& operator=(Study&&) noexcept;

  const StudyDefinition& definition() const;
  const std::filesystem::path& folder() const;

  /// @return its code: 20 letters and digits from the system's randomness.
  std::string create_session();
  /// @throws Error not_found for an unknown or erased code: all of these.
  SessionState state(std::string_view session) const;
  AppendResult append(std::string_view session, const std::vector<StudyEvent>& events);
  /// The file behind a blind id of the session.
  std::filesystem::path stimulus(std::string_view session, std::string_view blind_id) const;
  /// Everything stored under the code, as JSON. What the blind ids stand for is told once the session is finished.
  std::string export_session(std::string_view session) const;
  /// Removes it from the database, its free pages and the mirror.
  void erase_session(std::string_view session);

  /// Codes, oldest first.
  std::vector<std::string> sessions() const;
  /// Takes events back from results.jsonl (whole sessions too) or a file that a listener downloaded when the server was
  /// gone. What is there already stays as it is.
  /// @throws Error invalid_argument for another study's or damaged file, not_found for a session nobody knows.
  AppendResult import(const std::filesystem::path& file);

  /// What listeners said, with conditions by name: for analysis.
  StudyResults results() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// [{client_seq, type, body}] as clients send it.
/// @throws Error invalid_argument for what is not that.
std::vector<StudyEvent> parse_events(std::string_view json);

/// What the listener's page is told: of the study (title, texts, questions), of the session, of what was sent.
std::string to_json(const StudyDefinition& study);
std::string to_json(const SessionState& state);
std::string to_json(const AppendResult& result);

}  // namespace soundalike
