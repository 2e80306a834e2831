#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace soundalike::farm {

/// Threads that join the caller's work when there is enough of it; made when first wanted, kept for the next time.
class Helpers {
 public:
  explicit Helpers(std::size_t most) : most_(most) {}
  ~Helpers();
  Helpers(const Helpers&) = delete;
  Helpers& operator=(const Helpers&) = delete;

  /// From now on call() makes a helper run `work`.
  void begin(std::function<void()> work);
  /// One more helper joins, if there is one left.
  void call();
  /// No helper joins any more; returns when none is in `work`.
  void end();

 private:
  void run();

  std::size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> work_;
  std::size_t wanted_ = 0;  ///< called, not yet begun
  std::size_t busy_ = 0;    ///< called and not yet back
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace soundalike::farm
