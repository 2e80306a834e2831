#pragma once

#include <functional>
#include <stop_token>
#include <thread>

namespace soundalike::cli {

/// While it lives, the first Ctrl-C (SIGINT) or SIGTERM asks for a stop through token(), the second ends the program at
/// once with status 130. Programs started meanwhile get the default handling back. One at a time.
class Interrupt {
 public:
  /// @param on_stop called once, from another thread, right before the stop is requested; may be empty.
  explicit Interrupt(std::function<void()> on_stop = {});
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::function<void()> on_stop_;
  std::stop_source source_;
  int wake_read_ = -1;
  int wake_write_ = -1;
  std::thread watcher_;  // request_stop() is not for signal handlers: the handler writes to a pipe, this thread reads
};

}  // namespace soundalike::cli
