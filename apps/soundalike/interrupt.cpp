#include "interrupt.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "soundalike/error.hpp"

namespace soundalike::cli {
namespace {

// What the handler may touch: lock-free atomics and write().
std::atomic<int> wake{-1};
std::atomic<int> signals_seen{0};

constexpr char asked = 's';
constexpr char ended = 'e';

extern "C" void on_signal(int) {
  const int saved = errno;
  if (signals_seen.fetch_add(1) > 0) _exit(exit_status(ErrorCode::cancelled));
  if (const int fd = wake.load(); fd >= 0 && write(fd, &asked, 1) < 0) _exit(exit_status(ErrorCode::cancelled));
  errno = saved;
}

void handle(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt(std::function<void()> on_stop) : on_stop_(std::move(on_stop)) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    throw Error(ErrorCode::io, std::string("cannot make a pipe: ") + std::strerror(errno));
  }
  wake_read_ = ends[0];
  wake_write_ = ends[1];
  watcher_ = std::thread([this] {
    char what = 0;
    ssize_t count = 0;
    while ((count = read(wake_read_, &what, 1)) < 0 && errno == EINTR) {
    }
    if (count != 1 || what != asked) return;
    if (on_stop_) on_stop_();
    source_.request_stop();
  });
  signals_seen.store(0);
  wake.store(wake_write_);
  handle(on_signal);
}

Interrupt::~Interrupt() {
  handle(SIG_DFL);
  wake.store(-1);
  if (write(wake_write_, &ended, 1) != 1) {
    // A pipe with room for 64 KiB holds at most two bytes here, so this cannot happen; closing it wakes the reader too.
  }
  close(wake_write_);
  watcher_.join();
  close(wake_read_);
}

}  // namespace soundalike::cli
