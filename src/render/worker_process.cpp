#include "render/worker_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "soundalike/error.hpp"

namespace soundalike::farm {
namespace {

constexpr int arena_in_worker = 3;

struct Variable {
  std::string_view name;
  std::string_view value;  // none: removed
};

// Fresh memory reads as zero: the allocator fills with the complement of MALLOC_PERTURB_, but not what it hands out
// from its per-thread cache. One thread per worker. No display for a plugin to connect to. One locale for all.
constexpr std::array worker_environment{
    Variable{"MALLOC_PERTURB_", "255"},
    Variable{"GLIBC_TUNABLES", "glibc.malloc.tcache_count=0"},
    Variable{"OMP_NUM_THREADS", "1"},
    Variable{"OPENBLAS_NUM_THREADS", "1"},
    Variable{"MKL_NUM_THREADS", "1"},
    Variable{"LC_ALL", "C"},
    Variable{"DISPLAY", ""},
    Variable{"WAYLAND_DISPLAY", ""},
#ifdef __SANITIZE_ADDRESS__
    Variable{"ASAN_OPTIONS",
             "max_malloc_fill_size=2147483647:malloc_fill_byte=0:detect_leaks=0:handle_segv=0:handle_abort=0:"
             "alloc_dealloc_mismatch=0"},
#endif
};

std::vector<std::string> make_environment() {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    bool ours = false;
    for (const Variable& variable : worker_environment) ours = ours || variable.name == name;
    if (!ours) environment.emplace_back(text);
  }
  for (const auto& [name, value] : worker_environment) {
    if (!value.empty()) environment.push_back(fmt::format("{}={}", name, value));
  }
  return environment;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::string describe(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    const char* name = ::sigabbrev_np(number);
    return fmt::format("SIG{} ({})", name ? name : std::to_string(number).c_str(), ::strsignal(number));
  }
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

std::filesystem::path own_folder() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

}  // namespace

std::filesystem::path find_worker_program(const std::optional<std::string>& option) {
  std::vector<std::filesystem::path> candidates;
  const char* variable = std::getenv("SOUNDALIKE_WORKER");
  if (option) {
    candidates = {*option};
  } else if (variable && *variable) {
    candidates = {variable};
  } else {
    const std::filesystem::path folder = own_folder();
    candidates = {folder / "soundalike-worker", folder.parent_path() / "bin/soundalike-worker",
                  folder.parent_path() / "libexec/soundalike/soundalike-worker"};
    if (const char* bin = std::getenv("SOUNDALIKE_BIN"))
      candidates.push_back(std::filesystem::path(bin) / "soundalike-worker");
  }
  std::string tried;
  for (const auto& candidate : candidates) {
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    tried += (tried.empty() ? "'" : ", '") + candidate.string() + "'";
  }
  throw Error(ErrorCode::not_found,
              fmt::format("cannot find the render worker: no program at {}; set SOUNDALIKE_WORKER to "
                          "its path",
                          tried));
}

WorkerProcess::WorkerProcess(const std::filesystem::path& program, int arena_descriptor, std::size_t index) {
  std::vector<std::string> arguments{program.string(), std::to_string(arena_in_worker), std::to_string(index),
                                     std::to_string(::getpid())};
  std::vector<std::string> environment = make_environment();
  const auto argv = pointers(arguments);
  const auto envp = pointers(environment);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, arena_descriptor, arena_in_worker);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);  // plugins print
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&files, arena_in_worker + 1);
  // A process group of its own: Ctrl-C on the terminal is for the renderer's process, which decides what becomes of
  // the workers.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  sigset_t all;
  sigfillset(&all);
  posix_spawnattr_setsigdefault(&attributes, &all);

  const int error = ::posix_spawn(&pid_, program.c_str(), &files, &attributes, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    pid_ = 0;
    throw Error(ErrorCode::io,
                fmt::format("cannot start the render worker '{}': {}", program.string(), std::strerror(error)));
  }
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
  return result > 0 ? describe(status) : "unknown cause";
}

}  // namespace soundalike::farm
