#include "render/worker_process.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
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

std::optional<ProcessEnd> WorkerProcess::collect(bool wait) {
  siginfo_t ended{};
  int result = 0;
  do {
    result = ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOWAIT | (wait ? 0 : WNOHANG));
  } while (result < 0 && errno == EINTR);
  if (result == 0 && ended.si_pid == 0) return {};
  // Nobody else can have got this number as long as the process has not been collected.
  if (result == 0) ::kill(-pid_, SIGKILL);
  int status = 0;
  rusage usage{};
  do {
    result = ::wait4(pid_, &status, 0, &usage);
  } while (result < 0 && errno == EINTR);
  if (pidfd_ >= 0) ::close(pidfd_);
  pidfd_ = -1;
  pid_ = 0;
  // Someone else may have collected it: a program that ignores SIGCHLD.
  if (result <= 0) return ProcessEnd{"unknown cause"};
  return ProcessEnd{describe_exit(status), WIFSIGNALED(status) ? WTERMSIG(status) : 0,
                    static_cast<std::size_t>(usage.ru_maxrss) * 1024};
}

}  // namespace soundalike::farm
