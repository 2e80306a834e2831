#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "render/control.hpp"
#include "render/worker_process.hpp"
#include "soundalike/error.hpp"

namespace soundalike::farm {

/// Keeps the workers of one arena alive: starts them, kills those that pass their deadline, replaces those that end.
/// All on one thread of its own, which also is the thread that the workers' lives hang on.
class Farm {
 public:
  struct Death {
    std::size_t worker;
    bool timed_out;
    /// It may have died of something other than the job it had in hand: killed from outside, or by what an earlier job
    /// did to its memory. Its replacement may try the job again.
    bool doubtful;
    std::string cause;  ///< "SIGSEGV (Segmentation fault)"
  };
  struct Events {
    /// A worker died; its block in the arena is as it left it. Called on the farm's thread.
    std::function<void(const Death&)> died;
    /// No worker is left and none can be started. Called on the farm's thread.
    /// @param problem plugin_failed or what else the effect is to blame for; io: the machine, or the worker program,
    /// is.
    std::function<void(const Error& problem)> exhausted;
  };
  struct Plan {
    std::filesystem::path program;
    int arena_descriptor = -1;
    std::size_t workers = 1;
    double open_seconds = 10.0;    ///< for loading the effect
    double stream_seconds = 20.0;  ///< for one block of a stream
  };

  /// `control` and `jobs_of` must outlive the farm.
  Farm(Control& control, std::function<const SharedJob*()> jobs, Plan plan, Events events);
  /// Asks the workers to end, kills those that do not.
  ~Farm();
  Farm(const Farm&) = delete;
  Farm& operator=(const Farm&) = delete;

  /// @throws Error when a worker refuses the effect, dies over it, or cannot be started.
  void wait_until_open();
  /// Deadlines are watched from here to end_work(). Workers that could not be replaced get another chance.
  void begin_work();
  void end_work();

 private:
  struct Keeper {
    WorkerProcess process;
    unsigned failed_starts = 0;  ///< since it last opened the effect
    bool killed = false;
  };
  void run();
  void start(std::size_t worker);
  void bury(std::size_t worker, const ProcessEnd& end);
  std::string explain(const ProcessEnd& end) const;
  /// Why a worker that ended without having opened the effect has not.
  std::optional<Error> problem_of(WorkerBlock& block, const Keeper& keeper, const std::string& cause) const;
  void watch(std::size_t worker);
  std::uint64_t limit_ns(const WorkerBlock& block) const;
  void revive();
  void shut_down();
  void notify();

  Control& control_;
  std::function<const SharedJob*()> jobs_;
  Plan plan_;
  Events events_;
  std::vector<Keeper> keepers_;
  int wake_ = -1;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> working_ = false;
  std::atomic<bool> asleep_ = false;
  std::atomic<bool> opened_ = false;  ///< all workers once had the effect open
  std::atomic<bool> retry_ = false;   ///< start again what was given up
  std::atomic<std::size_t> lost_ = 0;
  std::mutex mutex_;
  std::exception_ptr open_error_;
  std::thread thread_;
};

}  // namespace soundalike::farm
