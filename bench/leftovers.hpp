#pragma once

#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <system_error>
#include <vector>

/// What a process and its children hold, and what it would leave behind.
namespace soundalike::bench {

inline std::set<std::string> names_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

/// Of all threads of this process; zombies too.
inline std::vector<pid_t> children() {
  std::vector<pid_t> found;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(task.path() / "children");
    for (pid_t child = 0; list >> child;) found.push_back(child);
  }
  return found;
}

struct Held {
  std::size_t private_bytes = 0;  ///< resident, without what is shared
  std::size_t files = 0;
};

inline Held held_by(pid_t process) {
  const auto folder = std::filesystem::path("/proc") / std::to_string(process);
  std::size_t size = 0;
  std::size_t resident = 0;
  std::size_t shared = 0;
  std::ifstream(folder / "statm") >> size >> resident >> shared;
  return {(resident - shared) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)), names_in(folder / "fd").size()};
}

}  // namespace soundalike::bench
