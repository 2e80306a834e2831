#include "cli/run_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <fstream>
#include <stdexcept>

extern char** environ;

namespace program {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
    read_end = ends[0];
    write_end = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(read_end);
    close_end(write_end);
  }
  static void close_end(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
};

std::vector<std::string> environment_with(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!changes.contains(text.substr(0, text.find('=')))) result.push_back(text);
  }
  for (const auto& [name, value] : changes) {
    if (!value.empty()) result.push_back(name + "=" + value);
  }
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

// In the child: only calls that are safe after fork.
[[noreturn]] void become(char** words, char** environment, const char* folder, int in, int out, int err) {
  if (folder[0] != '\0' && chdir(folder) != 0) _exit(127);
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(127);
  std::signal(SIGPIPE, SIG_DFL);
  execvpe(words[0], words, environment);
  _exit(127);
}

}  // namespace

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "soundalike-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) fail("mkdtemp " + pattern);
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Run run(const std::vector<std::string>& command, const RunOptions& options) {
  std::vector<std::string> words = command;
  std::vector<std::string> environment = environment_with(options.environment);
  const std::vector<char*> word_pointers = pointers(words), environment_pointers = pointers(environment);
  Pipe in, out, err;
  if (options.out == RunOptions::Stdout::closed) Pipe::close_end(out.read_end);
  if (options.out == RunOptions::Stdout::full) {
    Pipe::close_end(out.write_end);
    out.write_end = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (out.write_end < 0) fail("/dev/full");
  }
  const std::string folder = options.folder.string();
  const pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    become(const_cast<char**>(word_pointers.data()), const_cast<char**>(environment_pointers.data()), folder.c_str(),
           in.read_end, out.write_end, err.write_end);
  }
  Pipe::close_end(in.read_end);
  Pipe::close_end(out.write_end);
  Pipe::close_end(err.write_end);
  // What is given as input here fits a pipe, so it can be written before anything is read.
  if (options.in.size() > 60000) throw std::runtime_error("run_program: more than 60 kB of standard input");
  std::signal(SIGPIPE, SIG_IGN);
  if (!options.in.empty() && write(in.write_end, options.in.data(), options.in.size()) < 0 && errno != EPIPE) {
    fail("write");
  }
  Pipe::close_end(in.write_end);

  Run result;
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(options.timeout_seconds));
  bool signalled = options.signal == 0;
  std::array<pollfd, 2> polled{pollfd{out.read_end, POLLIN, 0}, pollfd{err.read_end, POLLIN, 0}};
  std::array<std::string*, 2> texts{&result.out, &result.err};
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    if (!signalled && result.err.find(options.signal_after) != std::string::npos) {
      kill(child, options.signal);
      signalled = true;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0 && !result.timed_out) {
      result.timed_out = true;
      kill(child, SIGKILL);
    }
    if (poll(polled.data(), polled.size(), static_cast<int>(std::clamp<long long>(left, 1, 1000))) < 0) continue;
    for (std::size_t i = 0; i < polled.size(); ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      char buffer[65536];
      const ssize_t count = read(polled[i].fd, buffer, sizeof buffer);
      if (count > 0) texts[i]->append(buffer, static_cast<std::size_t>(count));
      if (count == 0 || (count < 0 && errno != EINTR)) polled[i].fd = -1;
    }
    // After a kill, a grandchild may still hold the pipes.
    if (result.timed_out && left < -2000) break;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

Run soundalike(std::vector<std::string> arguments, RunOptions options) {
  static const TempFolder cache;
  const char* folder = std::getenv("SOUNDALIKE_BIN");
  if (folder == nullptr) throw std::runtime_error("SOUNDALIKE_BIN is not set; run the tests through ctest");
  options.environment.try_emplace("XDG_CACHE_HOME", cache.path().string());
  options.environment.try_emplace("NO_COLOR", "1");
  arguments.insert(arguments.begin(), (std::filesystem::path(folder) / "soundalike").string());
  return run(arguments, options);
}

void write_wav(const std::filesystem::path& path, const std::vector<float>& samples, unsigned rate, unsigned channels) {
  std::ofstream file(path, std::ios::binary);
  const auto put = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.put(static_cast<char>(value >> (8 * i) & 0xFF));
  };
  const auto bytes = static_cast<std::uint32_t>(2 * samples.size());
  file << "RIFF";
  put(36 + bytes, 4);
  file << "WAVEfmt ";
  put(16, 4);
  put(1, 2);
  put(channels, 2);
  put(rate, 4);
  put(rate * channels * 2, 4);
  put(channels * 2, 2);
  put(16, 2);
  file << "data";
  put(bytes, 4);
  for (float sample : samples) {
    const auto value = static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0f, 1.0f) * 32767.0f));
    put(static_cast<std::uint16_t>(value), 2);
  }
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

bool has_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string folders = path == nullptr ? "" : path;
  while (!folders.empty()) {
    const std::size_t end = std::min(folders.find(':'), folders.size());
    if (access((folders.substr(0, end) + "/" + name).c_str(), X_OK) == 0) return true;
    folders.erase(0, end + 1);
  }
  return false;
}

}  // namespace program
