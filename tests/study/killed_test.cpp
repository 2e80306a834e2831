// A process that is killed with SIGKILL while it stores events.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "study/example_study.hpp"

using namespace soundalike;

namespace {

// Stores events without end, and tells the pipe the number of each that append() has returned for.
[[noreturn]] void store_for_ever(const std::filesystem::path& folder, const std::string& code, int from, int pipe) {
  Study study(folder);
  for (int seq = from;; ++seq) {
    study.append(code, {example::event(seq, "note", R"({"n": )" + std::to_string(seq) + "}")});
    if (::write(pipe, &seq, sizeof seq) != sizeof seq) ::_exit(1);
  }
}

}  // namespace

TEST_CASE("killing_the_writer_loses_no_acknowledged_event_and_tears_none") {
  const TempFolder folder;
  example::write(folder.path());
  const std::string code = Study(folder.path()).create_session();
  int acknowledged = 0;
  for (int round = 0; round < 8; ++round) {
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(pipe[0]);
      store_for_ever(folder.path(), code, acknowledged + 1, pipe[1]);
    }
    ::close(pipe[1]);
    const int wanted = acknowledged + 3 + 7 * round;
    int seq = 0;
    while (acknowledged < wanted && ::read(pipe[0], &seq, sizeof seq) == sizeof seq) acknowledged = seq;
    ::kill(child, SIGKILL);
    while (::read(pipe[0], &seq, sizeof seq) == sizeof seq) acknowledged = seq;  // told before it died
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));

    Study study(folder.path());
    const auto stored = study.state(code).next_seq - 1;
    CHECK(stored >= acknowledged);
    CHECK(stored <= acknowledged + 1);  // at most the one that was under way
    acknowledged = static_cast<int>(stored);
  }
  // The mirror alone gives the same back, and at most the event that the last kill stopped on its way to the database.
  const TempFolder restored;
  example::write(restored.path());
  Study study(restored.path());
  study.import(folder / "results.jsonl");
  auto mirrored = nlohmann::json::parse(study.export_session(code));
  const auto kept = nlohmann::json::parse(Study(folder.path()).export_session(code));
  CHECK(mirrored["events"].size() <= kept["events"].size() + 1);
  if (mirrored["events"].size() > kept["events"].size()) mirrored["events"].erase(kept["events"].size());
  CHECK(mirrored == kept);
}

TEST_CASE("an_event_sent_again_after_a_crash_is_restored_as_the_database_took_it") {
  const TempFolder folder;
  example::write(folder.path());
  const std::string code = Study(folder.path()).create_session();
  Study(folder.path()).append(code, {example::event(1, "note", R"({"n": 1})")});
  const std::string taken = Study(folder.path()).export_session(code);
  // The line of a write that was killed before its commit stands before the one that came through.
  std::vector<std::string> lines;
  std::ifstream mirror(folder / "results.jsonl");
  for (std::string line; std::getline(mirror, line);) lines.push_back(line);
  REQUIRE(lines.size() == 2);
  auto killed = nlohmann::json::parse(lines[1]);
  killed["received"] = "2000-01-01T00:00:00Z";
  const TempFolder restored;
  example::write(restored.path());
  std::ofstream(restored / "lost.jsonl") << lines[0] << "\n" << killed.dump() << "\n" << lines[1] << "\n";
  Study study(restored.path());
  CHECK(study.import(restored / "lost.jsonl").accepted == 1);
  CHECK(study.export_session(code) == taken);
}
