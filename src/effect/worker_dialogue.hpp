#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string_view>

namespace soundalike {

/// A worker that answers messages (scan_message.hpp), and the socket to talk with it. It dies with the thread that
/// started it, and with this object.
class WorkerDialogue {
 public:
  /// Runs `program <mode> <scheme> <this process's id>` and waits until it greets. @throws Error io when it cannot be
  /// started or does not greet.
  WorkerDialogue(const std::filesystem::path& program, std::string_view mode, std::string_view scheme);
  ~WorkerDialogue();
  WorkerDialogue(const WorkerDialogue&) = delete;
  WorkerDialogue& operator=(const WorkerDialogue&) = delete;

  int socket() const { return socket_; }
  /// Waits a moment for it to end by itself, then ends it, and with it what it started in its group.
  /// @return its wait status.
  int end(std::chrono::milliseconds patience = {});

 private:
  pid_t pid_ = 0;
  int socket_ = -1;
};

/// The worker's first words: from here on, what happens is the doing of the plugins that it loads.
void greet(int socket);

}  // namespace soundalike
