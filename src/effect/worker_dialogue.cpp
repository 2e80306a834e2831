#include "effect/worker_dialogue.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "effect/scan_message.hpp"
#include "effect/worker_program.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr std::string_view greeting = "soundalike-worker";
constexpr double greeting_seconds = 30.0;

}  // namespace

void greet(int socket) { send_message(socket, greeting); }

WorkerDialogue::WorkerDialogue(const std::filesystem::path& program, std::string_view mode, std::string_view scheme) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw Error(ErrorCode::io, fmt::format("cannot make a socket: {}", std::strerror(errno)));
  }
  socket_ = ends[0];
  try {
    pid_ = start_worker(program, {std::string(mode), std::string(scheme), std::to_string(::getpid())}, ends[1]);
  } catch (...) {
    ::close(ends[0]);
    ::close(ends[1]);
    throw;
  }
  ::close(ends[1]);
  std::string words;
  const Received received = receive_message(socket_, words, greeting_seconds);
  if (received == Received::message && words == greeting) return;
  const int status = end(std::chrono::seconds(received == Received::end ? 1 : 0));
  ::close(socket_);
  throw worker_never_began(program, received == Received::end
                                        ? "it ended with " + describe_exit(status)
                                        : fmt::format("it was silent for {:g} s", greeting_seconds));
}

WorkerDialogue::~WorkerDialogue() {
  ::close(socket_);
  end();
}

int WorkerDialogue::end(std::chrono::milliseconds patience) {
  if (pid_ == 0) return 0;
  if (patience.count() > 0) {
    const int watched = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    pollfd ended{watched, POLLIN, 0};
    if (watched >= 0) ::poll(&ended, 1, static_cast<int>(patience.count()));
    ::close(watched);
  }
  ::kill(-pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return status;
}

}  // namespace soundalike
