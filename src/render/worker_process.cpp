#include "render/worker_process.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "effect/worker_program.hpp"
#include "soundalike/error.hpp"

namespace soundalike::farm {
WorkerProcess::WorkerProcess(const std::filesystem::path& program, int arena_descriptor, std::size_t index) {
  pid_ = start_worker(program, {std::to_string(worker_descriptor), std::to_string(index), std::to_string(::getpid())},
                      arena_descriptor);
  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (pidfd_ < 0) {
    const std::string reason = std::strerror(errno);
    kill();
    collect(true);
    throw Error(ErrorCode::io, fmt::format("cannot watch the render worker '{}': {}", program.string(), reason));
  }
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), pidfd_(std::exchange(other.pidfd_, -1)) {}

WorkerProcess& WorkerProcess::operator=(WorkerProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(pidfd_, other.pidfd_);
  return *this;
}

WorkerProcess::~WorkerProcess() {
  if (!alive()) return;
  kill();
  collect(true);
}

bool WorkerProcess::suspend() {
  ::kill(pid_, SIGSTOP);
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WEXITED | WNOWAIT) != 0) {
    if (errno != EINTR) return false;
  }
  return info.si_code == CLD_STOPPED || info.si_code == CLD_TRAPPED;
}

void WorkerProcess::resume() { ::kill(pid_, SIGCONT); }

void WorkerProcess::kill() { ::kill(pid_, SIGKILL); }

std::optional<std::string> WorkerProcess::collect(bool wait) {
  int status = 0;
  pid_t result = 0;
  do {
    result = ::waitpid(pid_, &status, wait ? 0 : WNOHANG);
  } while (result < 0 && errno == EINTR);
  if (result == 0) return {};
  if (pidfd_ >= 0) ::close(pidfd_);
  pidfd_ = -1;
  pid_ = 0;
  // Someone else may have collected it: a program that ignores SIGCHLD.
  return result > 0 ? describe_exit(status) : "unknown cause";
}

}  // namespace soundalike::farm
