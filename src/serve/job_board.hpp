#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "serve/event_channel.hpp"
#include "serve/json_input.hpp"
#include "soundalike/progress.hpp"

namespace soundalike::serve {

/// Long work that goes on when nobody looks. Jobs wait in a queue, run two at a time, tell of themselves through an
/// EventChannel, and what came of them is on the disk before it is told: jobs/<id>.json. Safe from many threads.
///
///   const std::string id = board.start("match", "voice like band", [=](JobBoard::Talk& talk) { ...; return result; });
class JobBoard {
 public:
  /// What a job is given.
  struct Talk {
    std::stop_token stop;
    Progress progress;
    EventChannel& events;
  };
  using Work = std::function<Json(Talk&)>;

  /// Reads the jobs that were; those that an end of the server cut off are failed. @throws Error io.
  explicit JobBoard(std::filesystem::path folder);
  /// Stops what runs and waits for it.
  ~JobBoard();

  /// @return its id. @throws Refusal 503 when too many wait.
  std::string start(std::string_view kind, const std::string& title, Work work);
  /// Newest first, without results.
  Json list() const;
  /// @throws Error not_found.
  Json find(std::string_view id) const;
  std::shared_ptr<EventChannel> events(std::string_view id) const;
  /// Stops a job that waits or runs; forgets one that has ended.
  void remove(std::string_view id);
  /// Asks everything to stop; nothing new is begun.
  void stop();

 private:
  struct Job;
  std::shared_ptr<Job> at(std::string_view id) const;
  Json describe(const Job& job, bool whole) const;
  void save(const Job& job) const;
  void run(const std::stop_token& stop);
  void work_on(Job& job, const std::stop_token& stop);
  void end(Job& job, std::string_view state, Json result, std::string_view code, std::string_view message);

  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, std::shared_ptr<Job>, std::less<>> jobs_;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::uint64_t next_ = 1;
  std::vector<std::jthread> runners_;
};

}  // namespace soundalike::serve
