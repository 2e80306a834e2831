#include "render/farm.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>

#include "effect/worker_program.hpp"
#include "render/futex.hpp"
#include "soundalike/error.hpp"

namespace soundalike::farm {
namespace {

constexpr unsigned most_failed_starts = 3;  // in a row, then a worker is not replaced before the next batch
constexpr int tick_ms = 20;                 // how late a deadline may be noticed
constexpr int idle_ticks = 50;              // without work, then the thread sleeps until it is told of work
constexpr int shutdown_ms = 1000;

bool has_opened(WorkerPhase phase) { return phase == WorkerPhase::ready || phase == WorkerPhase::refused; }

}  // namespace

Farm::Farm(Control& control, std::function<const SharedJob*()> jobs, Plan plan, Events events)
    : control_(control),
      jobs_(std::move(jobs)),
      plan_(std::move(plan)),
      events_(std::move(events)),
      keepers_(plan_.workers) {
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_ < 0) throw Error(ErrorCode::io, fmt::format("cannot watch render workers: {}", std::strerror(errno)));
  thread_ = std::thread([this] { run(); });
}

Farm::~Farm() {
  stop_ = true;
  notify();
  thread_.join();
  ::close(wake_);
}

void Farm::notify() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof one);
}

void Farm::wait_until_open() {
  while (true) {
    const std::uint32_t seen = control_.opened.load();
    {
      const std::lock_guard lock(mutex_);
      if (open_error_) std::rethrow_exception(open_error_);
    }
    std::size_t ready = 0;
    for (std::size_t i = 0; i < plan_.workers; ++i) {
      if (control_.worker[i].phase.load() == WorkerPhase::ready) ++ready;
    }
    if (ready == plan_.workers) {
      opened_ = true;
      return;
    }
    futex_wait(control_.opened, seen);
  }
}

void Farm::begin_work() {
  working_ = true;
  if (lost_ > 0) retry_ = true;
  if (asleep_ || retry_) notify();
}

void Farm::end_work() { working_ = false; }

void Farm::run() {
  try {
    for (std::size_t i = 0; i < plan_.workers; ++i) start(i);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    open_error_ = std::current_exception();
    control_.opened.fetch_add(1);
    futex_wake(control_.opened, INT_MAX);
  }
  std::vector<pollfd> ends;
  int idle = 0;
  while (!stop_) {
    ends.clear();
    ends.push_back({wake_, POLLIN, 0});
    bool opening = false;
    for (std::size_t i = 0; i < plan_.workers; ++i) {
      if (!keepers_[i].process.alive()) continue;
      ends.push_back({keepers_[i].process.descriptor(), POLLIN, 0});
      opening = opening || !has_opened(control_.worker[i].phase.load());
    }
    idle = working_ || opening ? 0 : idle + 1;
    asleep_ = idle > idle_ticks;
    const bool forever = asleep_ && !working_;  // working_ may have been set before asleep_ was seen
    ::poll(ends.data(), ends.size(), forever ? -1 : tick_ms);
    std::uint64_t ignored = 0;
    [[maybe_unused]] const ssize_t drained = ::read(wake_, &ignored, sizeof ignored);
    if (stop_) break;
    if (retry_.exchange(false)) revive();
    for (std::size_t i = 0; i < plan_.workers && !stop_; ++i) {
      if (!keepers_[i].process.alive()) continue;
      watch(i);
      if (const auto cause = keepers_[i].process.collect()) bury(i, *cause);
    }
  }
  shut_down();
}

void Farm::start(std::size_t worker) {
  WorkerBlock& block = control_.worker[worker];
  block.current = 0;
  block.intent = no_ticket;
  block.starved = 0;
  block.renders = 0;
  block.retired = 0;
  block.started_ns = monotonic_ns();
  block.phase = WorkerPhase::starting;
  keepers_[worker].killed = false;
  keepers_[worker].process = WorkerProcess(plan_.program, plan_.arena_descriptor, worker);
}

std::string Farm::explain(const ProcessEnd& end) const {
  const double limit = static_cast<double>(control_.memory_bytes);
  if (limit == 0.0 || static_cast<double>(end.peak_bytes) < 0.9 * limit) return end.cause;
  return fmt::format("{}, out of memory: a render may take {:.3g} GiB", end.cause, limit / (1 << 30));
}

void Farm::bury(std::size_t worker, const ProcessEnd& end) {
  Keeper& keeper = keepers_[worker];
  WorkerBlock& block = control_.worker[worker];
  const WorkerPhase phase = block.phase.load();
  const std::string cause = explain(end);
  if (phase == WorkerPhase::ready) {
    keeper.failed_starts = 0;
    const bool retired = block.retired.load() != 0 && end.signal == 0;
    const bool doubtful = end.signal == SIGKILL || (block.renders.load() > 0 && control_.isolate.load() == 0);
    if (!retired) {
      events_.died({worker, keeper.killed, doubtful && !keeper.killed, keeper.killed ? "deadline passed" : cause});
    }
  } else {
    ++keeper.failed_starts;
  }
  std::optional<Error> problem = problem_of(block, keeper, cause);
  if (problem) {
    const std::lock_guard lock(mutex_);
    if (!open_error_) open_error_ = std::make_exception_ptr(*problem);
    control_.opened.fetch_add(1);
    futex_wake(control_.opened, INT_MAX);
  }
  if (!opened_) return;
  if (keeper.failed_starts < most_failed_starts) {
    try {
      start(worker);
      return;
    } catch (const Error& error) {
      problem = error;
      keeper.failed_starts = most_failed_starts;
    }
  }
  ++lost_;
  // Told of first: what it means for a batch is more than what it means for the one job.
  if (std::ranges::none_of(keepers_, [](const Keeper& other) { return other.process.alive(); })) {
    events_.exhausted(*problem);
  }
  events_.died({worker, false, false, problem->what()});
}

std::optional<Error> Farm::problem_of(WorkerBlock& block, const Keeper& keeper, const std::string& cause) const {
  const std::string limit = fmt::format("needed more than {:g} s", plan_.open_seconds);
  switch (block.phase.load()) {
    case WorkerPhase::starting:
      return worker_never_began(plan_.program, keeper.killed ? "it " + limit : "it ended with " + cause);
    case WorkerPhase::opening:
      return Error(ErrorCode::plugin_failed,
                   keeper.killed ? fmt::format("a render worker {} to load the effect", limit)
                                 : fmt::format("a render worker died while it loaded the effect: {}", cause));
    case WorkerPhase::refused: {
      block.message.back() = '\0';
      const auto code = static_cast<ErrorCode>(block.error_code);
      // That is for what is wrong with the machine or with this program.
      return Error(code == ErrorCode::io ? ErrorCode::plugin_failed : code, block.message.data());
    }
    case WorkerPhase::ready:
      break;
  }
  return std::nullopt;
}

void Farm::revive() {
  std::optional<Error> problem;
  std::size_t alive = 0;
  for (std::size_t i = 0; i < plan_.workers; ++i) {
    Keeper& keeper = keepers_[i];
    if (!keeper.process.alive()) {
      try {
        start(i);
        keeper.failed_starts = most_failed_starts - 1;
        --lost_;
      } catch (const Error& error) {
        problem = error;
      }
    }
    if (keeper.process.alive()) ++alive;
  }
  if (alive == 0 && problem) events_.exhausted(*problem);
}

std::uint64_t Farm::limit_ns(const WorkerBlock& block) const {
  const auto nanoseconds = [](double seconds) { return static_cast<std::uint64_t>(seconds * 1e9); };
  if (!has_opened(block.phase.load())) return nanoseconds(plan_.open_seconds);
  const std::uint32_t current = block.current.load();
  if (current == stream_job) return nanoseconds(plan_.stream_seconds);
  const SharedJob* jobs = jobs_();
  if (current == 0 || current > control_.batch.count.load() || !jobs) return UINT64_MAX;
  return jobs[current - 1].limit_ns;
}

// Decides only while the worker stands still: it might finish this job, and begin another, in between.
void Farm::watch(std::size_t worker) {
  const WorkerBlock& block = control_.worker[worker];
  const auto late = [&] {
    const std::uint64_t started = block.started_ns.load();
    const std::uint64_t limit = limit_ns(block);
    const std::uint64_t now = monotonic_ns();
    return started != 0 && now > started && now - started > limit;
  };
  Keeper& keeper = keepers_[worker];
  if (keeper.killed || !late() || !keeper.process.suspend()) return;
  if (late()) {
    keeper.killed = true;
    keeper.process.kill();
  } else {
    keeper.process.resume();
  }
}

void Farm::shut_down() {
  control_.shutdown = 1;
  control_.generation.fetch_add(1);
  futex_wake(control_.generation, INT_MAX);
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(shutdown_ms);
  for (Keeper& keeper : keepers_) {
    if (!keeper.process.alive()) continue;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    pollfd ended{keeper.process.descriptor(), POLLIN, 0};
    if (left > 0) ::poll(&ended, 1, static_cast<int>(left));
    if (!keeper.process.collect()) keeper.process = WorkerProcess();
  }
}

}  // namespace soundalike::farm
