#include "base/run_command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr std::size_t kept_output = 65536;
constexpr std::size_t kept_complaint = 400;
constexpr int look_up_ms = 100;  // a stop may be asked for meanwhile

/// A pipe that a child writes to; what it wrote last is kept.
class Listener {
 public:
  Listener() {
    // Only the reader must not block: the writer, which is the child's, would lose what it cannot write at once.
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0 || ::fcntl(ends_[0], F_SETFL, O_NONBLOCK) != 0) {
      throw Error(ErrorCode::io, std::string("cannot run a command: no pipe: ") + std::strerror(errno));
    }
  }
  ~Listener() {
    close_writer();
    if (ends_[0] >= 0) ::close(ends_[0]);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_writer() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  /// Takes what there is. After the last of it there is nothing more to wait for.
  void listen() {
    std::array<char, 4096> block{};
    ssize_t n = 0;
    while (ends_[0] >= 0 && (n = ::read(ends_[0], block.data(), block.size())) > 0) {
      text.append(block.data(), static_cast<std::size_t>(n));
      if (text.size() > 2 * kept_output) text.erase(0, text.size() - kept_output);
    }
    if (n == 0 && ends_[0] >= 0) {
      ::close(ends_[0]);
      ends_[0] = -1;
    }
  }

  std::string text;

 private:
  std::array<int, 2> ends_{-1, -1};
};

std::string last_line(std::string text) {
  while (!text.empty() && std::strchr(" \n\r\t", text.back()) != nullptr) text.pop_back();
  if (const auto end = text.rfind('\n'); end != std::string::npos) text.erase(0, end + 1);
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return text.size() > kept_complaint ? text.substr(text.size() - kept_complaint) : text;
}

pid_t start(const std::string& command, const Listener& output, const Listener& errors) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.writer(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.writer(), STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> pointers{words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t child = 0;
  const int failure = posix_spawn(&child, "/bin/sh", &actions, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) {
    throw Error(ErrorCode::io, "cannot run '" + command + "': " + std::strerror(failure));
  }
  return child;
}

bool has_ended(pid_t child) {
  siginfo_t about{};
  return ::waitid(P_PID, static_cast<id_t>(child), &about, WEXITED | WNOHANG | WNOWAIT) == 0 && about.si_pid == child;
}

}  // namespace

CommandEnd run_command(const std::string& command, double timeout_seconds, const std::stop_token& stop) {
  Listener output, errors;
  const pid_t child = start(command, output, errors);
  output.close_writer();
  errors.close_writer();
  CommandEnd end;
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));  // below 0 on old kernels: looks up instead
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_seconds);
  while (!has_ended(child)) {
    end.stopped = stop.stop_requested();
    end.timed_out = std::chrono::steady_clock::now() > deadline;
    if (end.stopped || end.timed_out) break;
    std::array<pollfd, 3> waits{{{handle, POLLIN, 0}, {output.reader(), POLLIN, 0}, {errors.reader(), POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), look_up_ms);
    output.listen();
    errors.listen();
  }
  ::kill(-child, SIGKILL);  // itself or whatever it left behind
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (handle >= 0) ::close(handle);
  output.listen();
  errors.listen();
  end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  end.output = std::move(output.text);
  if (end.output.size() > kept_output) end.output.erase(0, end.output.size() - kept_output);
  end.complaint = last_line(std::move(errors.text));
  return end;
}

std::string shell_quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string command_with(std::string command, std::string_view word, const std::filesystem::path& file) {
  const std::string quoted = shell_quoted(file.string());
  for (std::size_t at = 0; (at = command.find(word, at)) != std::string::npos; at += quoted.size()) {
    command.replace(at, word.size(), quoted);
  }
  return command;
}

}  // namespace soundalike
