#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace soundalike::farm {

/// How a process ended.
struct ProcessEnd {
  std::string cause;           ///< for people: "SIGSEGV (Segmentation fault)", "exit status 3"
  int signal = 0;              ///< that ended it, or 0
  std::size_t peak_bytes = 0;  ///< the most memory it, or a child of it, had in use
};

/// One worker process, from start to the collection of its exit status. Killed when this object goes.
///
/// The process dies with the *thread* that started it (a rule of PR_SET_PDEATHSIG), so that thread must live as long
/// as the worker is wanted.
class WorkerProcess {
 public:
  WorkerProcess() = default;
  /// Runs `program <descriptor> <index> <this process's id>` with the environment in which plugins are pure.
  /// @throws Error io when it cannot be started.
  WorkerProcess(const std::filesystem::path& program, int arena_descriptor, std::size_t index);
  ~WorkerProcess();
  WorkerProcess(WorkerProcess&& other) noexcept;
  WorkerProcess& operator=(WorkerProcess&& other) noexcept;

  bool alive() const { return pid_ > 0; }
  /// Readable for poll() once the process has ended.
  int descriptor() const { return pidfd_; }
  /// Stops it where it is; false when it has already ended. Go on with kill() or resume().
  bool suspend();
  void resume();
  void kill();
  /// Collects an ended process and ends what is left of its process group. Empty while it runs.
  std::optional<ProcessEnd> collect(bool wait = false);

 private:
  pid_t pid_ = 0;
  int pidfd_ = -1;
};

}  // namespace soundalike::farm
