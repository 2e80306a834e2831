#include "open_page.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <array>

namespace soundalike::cli {

bool open_page(const std::string& url) {
  posix_spawn_file_actions_t silent;
  ::posix_spawn_file_actions_init(&silent);
  ::posix_spawn_file_actions_addopen(&silent, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&silent, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string program = "xdg-open";
  std::string address = url;
  const std::array<char*, 3> words{program.data(), address.data(), nullptr};
  pid_t child = 0;
  const int problem = ::posix_spawnp(&child, program.c_str(), &silent, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&silent);
  return problem == 0;
}

}  // namespace soundalike::cli
