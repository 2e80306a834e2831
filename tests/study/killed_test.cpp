// A process that is killed with SIGKILL while it stores events.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>

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
  // The mirror alone gives the same back.
  const TempFolder restored;
  example::write(restored.path());
  Study study(restored.path());
  study.import(folder / "results.jsonl");
  CHECK(study.export_session(code) == Study(folder.path()).export_session(code));
}
