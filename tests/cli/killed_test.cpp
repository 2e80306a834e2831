// The program killed in the middle of its work: nothing may stay, no worker, no file.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "cli/recordings.hpp"

namespace {

namespace fs = std::filesystem;

/// Processes with this in their environment.
std::vector<pid_t> processes_with(const std::string& setting) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "environ");
    const std::string environment{std::istreambuf_iterator<char>(file), {}};
    if (environment.find(setting) != std::string::npos) found.push_back(static_cast<pid_t>(std::stol(name)));
  }
  return found;
}

bool ends_soon(pid_t process) {
  pollfd end{static_cast<int>(::syscall(SYS_pidfd_open, process, 0)), POLLIN, 0};
  if (end.fd < 0) return true;
  const bool ended = ::poll(&end, 1, 10000) == 1;
  ::close(end.fd);
  return ended;
}

}  // namespace

TEST_CASE("a_match_killed_in_the_middle_leaves_no_worker_and_no_file") {
  const recordings::Studio studio;
  fs::create_directory(studio.path("tmp"));
  const auto before = recordings::content(studio.path(""));
  program::RunOptions options;
  options.environment = {{"TMPDIR", studio.path("tmp").string()}};
  options.signal = SIGKILL;
  options.signal_after = "progress";
  const auto run = studio({"match", "in.wav", "ref.wav", "-e", recordings::test_effect("knobs"), "-b", "1000000", "-o",
                           "out.wav", "--json"},
                          options);
  CAPTURE(run.err);
  REQUIRE(run.status == 128 + SIGKILL);
  for (const pid_t worker : processes_with("TMPDIR=" + studio.path("tmp").string())) CHECK(ends_soon(worker));
  CHECK(recordings::content(studio.path("")) == before);
}
