#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/temporary_folder.hpp"

namespace soundalike::bench {

/// `soundalike`, as it lies beside the benchmarks in the build folder.
inline std::string soundalike_program() {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  return (folder / "bin/soundalike").string();
}

/// Proportional set size of a process and all its descendants: memory that several share is counted once.
inline std::size_t tree_bytes(pid_t pid) {
  const std::filesystem::path folder = "/proc/" + std::to_string(pid);
  std::size_t kilobytes = 0;
  std::ifstream rollup(folder / "smaps_rollup");
  for (std::string word; rollup >> word;) {
    if (word == "Pss:") {
      rollup >> kilobytes;
      break;
    }
  }
  std::size_t bytes = kilobytes * 1024;
  std::error_code ended;
  for (const auto& task : std::filesystem::directory_iterator(folder / "task", ended)) {
    std::ifstream children(task.path() / "children");
    for (pid_t child = 0; children >> child;) bytes += tree_bytes(child);
  }
  return bytes;
}

struct Ran {
  double wall_seconds = 0.0;
  double cpu_seconds = 0.0;
  std::size_t peak_bytes = 0;  ///< of the process tree, sampled; 0 unless asked for
};

/// Runs a program to its end.
/// @param sample_memory every 10 ms; costs some time.
/// @param output file that its standard output goes to.
/// @throws std::runtime_error when it cannot be started or fails.
inline Ran run_program(std::vector<std::string> arguments, bool sample_memory = false,
                       const std::string& output = "/dev/null") {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  const auto start = std::chrono::steady_clock::now();
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw std::runtime_error("cannot start " + arguments[0]);
  Ran ran;
  rusage usage{};
  int status = 0;
  while (::wait4(pid, &status, sample_memory ? WNOHANG : 0, &usage) == 0) {
    ran.peak_bytes = std::max(ran.peak_bytes, tree_bytes(pid));
    ::usleep(10'000);
  }
  ran.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  ran.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  if (status != 0) throw std::runtime_error(arguments[0] + " " + arguments[1] + " failed");
  return ran;
}

}  // namespace soundalike::bench
