#include "effect/scan_message.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>

namespace soundalike {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t most_bytes = 64u << 20;

/// Milliseconds until then, for poll().
int remaining(std::optional<Clock::time_point> until) {
  if (!until) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - Clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 1 << 30));
}

Received receive(int socket, char* to, std::size_t size, std::optional<Clock::time_point> until) {
  while (size > 0) {
    pollfd readable{socket, POLLIN, 0};
    const int ready = ::poll(&readable, 1, remaining(until));
    if (ready == 0) return Received::late;
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return Received::end;
    const ssize_t got = ::recv(socket, to, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Received::end;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return Received::message;
}

bool send_bytes(int socket, const char* from, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(socket, from, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    from += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

}  // namespace

bool send_message(int socket, std::string_view bytes) {
  const std::uint64_t size = bytes.size();
  return send_bytes(socket, reinterpret_cast<const char*>(&size), sizeof(size)) &&
         send_bytes(socket, bytes.data(), bytes.size());
}

Received receive_message(int socket, std::string& bytes, std::optional<double> deadline_seconds) {
  std::optional<Clock::time_point> until;
  if (deadline_seconds) {
    until =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(*deadline_seconds));
  }
  std::uint64_t size = 0;
  const Received head = receive(socket, reinterpret_cast<char*>(&size), sizeof(size), until);
  if (head != Received::message) return head;
  if (size > most_bytes) return Received::end;
  bytes.resize(size);
  return receive(socket, bytes.data(), bytes.size(), until);
}

}  // namespace soundalike
