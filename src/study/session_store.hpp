#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/study.hpp"
#include "study/database.hpp"
#include "study/mirror.hpp"
#include "study/plan.hpp"

namespace soundalike {

struct StoredSession {
  std::int64_t id = 0;
  std::string code, created;
  SessionPlan plan;
};

struct StoredEvent {
  StudyEvent event;
  std::string received;  ///< UTC, ISO 8601
};

/// results.sqlite and its mirror results.jsonl. Everything that changes them is a Change, which happens whole or not at
/// all. The mirror is written before the commit: a crash between the two leaves a line too many there, which importing
/// ignores, never one too few.
class SessionStore {
 public:
  explicit SessionStore(const std::filesystem::path& folder)
      : database_(folder / "results.sqlite"), mirror_(folder / "results.jsonl") {}

  /// @throws Error not_found.
  StoredSession find(std::string_view code) const;
  bool holds(std::string_view code) const;
  bool erased(std::string_view code) const;
  /// By client_seq.
  std::vector<StoredEvent> events(const StoredSession& session) const;
  /// Codes, oldest first.
  std::vector<std::string> codes() const;

  /// What one transaction does.
  class Change {
   public:
    /// Sessions that were ever created, erased ones too.
    std::size_t created_sessions() const;
    void add_session(std::string_view code, const std::string& created, const std::string& plan);
    /// @param received empty: now.
    void append(const StoredSession& session, const std::vector<StudyEvent>& events, AppendResult& result,
                const std::string& received = "");
    void note_erased(const std::string& digest);
    void erase(const StoredSession& session);

   private:
    friend class SessionStore;
    explicit Change(const SessionStore& store) : store_(store) {}
    const SessionStore& store_;
    std::string lines_;  // for the mirror
  };
  template <typename Action>
  void change(const Action& action) const {
    database_.transaction([&] {
      Change change(*this);
      action(change);
      if (!change.lines_.empty()) mirror_.append(change.lines_);
    });
  }
  /// Takes what was erased out of the write-ahead log too.
  void forget() const { database_.run("PRAGMA wal_checkpoint(TRUNCATE)"); }

 private:
  Database database_;
  Mirror mirror_;
};

/// "2026-05-01T12:00:00Z".
std::string time_now();

}  // namespace soundalike
