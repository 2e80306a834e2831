#include "render/process_condition.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>

namespace soundalike::farm {
namespace {

constexpr std::size_t most_growth_bytes = std::size_t{512} << 20;
constexpr std::size_t most_more_files = 64;
constexpr int waits_for_threads = 50;
constexpr std::chrono::microseconds one_wait{100};

std::size_t threads() {
  struct stat folder {};
  if (::stat("/proc/self/task", &folder) != 0 || folder.st_nlink < 3) return 1;
  return folder.st_nlink - 2;  // a subfolder each
}

// Private memory only: the shared arena grows with clips, not with the plugin.
std::size_t resident() {
  std::size_t size = 0;
  std::size_t all = 0;
  std::size_t shared = 0;
  std::ifstream("/proc/self/statm") >> size >> all >> shared;
  return (all - shared) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t open_files() {
  std::error_code none;
  const std::filesystem::directory_iterator files("/proc/self/fd", none);
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

}  // namespace

void ProcessCondition::begin() {
  threads_ = threads();
  resident_ = resident();
  files_ = open_files();
}

bool ProcessCondition::threads_left() const {
  for (int i = 0; threads() > threads_; ++i) {
    if (i == waits_for_threads) return true;
    std::this_thread::sleep_for(one_wait);
  }
  return false;
}

bool ProcessCondition::grown() const {
  return resident() > resident_ + most_growth_bytes || open_files() > files_ + most_more_files;
}

}  // namespace soundalike::farm
