#include "effect/worker_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

struct Variable {
  std::string_view name;
  std::string_view value;  // none: removed
};

// Fresh memory reads as zero: the allocator fills with the complement of MALLOC_PERTURB_, but not what it hands out
// from its per-thread cache; what is given back is filled, too, so that a plugin that reads beyond its own finds
// nothing of an earlier render. Blocks up to 32 MiB, the most there is, lie in one heap that keeps its pages: by itself
// the library maps large ones afresh, until the first of them is freed, and returns pages that the next render wants
// again. One thread per worker. No display for a plugin to connect to. One locale for all.
constexpr std::array changes{
    Variable{"MALLOC_PERTURB_", "255"},
    Variable{"GLIBC_TUNABLES",
             "glibc.malloc.tcache_count=0:glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=67108864"},
    Variable{"OMP_NUM_THREADS", "1"},
    Variable{"OPENBLAS_NUM_THREADS", "1"},
    Variable{"MKL_NUM_THREADS", "1"},
    Variable{"LC_ALL", "C"},
    Variable{"DISPLAY", ""},
    Variable{"WAYLAND_DISPLAY", ""},
#ifdef __SANITIZE_ADDRESS__
    Variable{"ASAN_OPTIONS",
             "max_malloc_fill_size=2147483647:malloc_fill_byte=0:detect_leaks=0:handle_segv=0:handle_abort=0:"
             "alloc_dealloc_mismatch=0"},
#endif
};

std::vector<std::string> environment() {
  std::vector<std::string> result;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    bool ours = false;
    for (const Variable& variable : changes) ours = ours || variable.name == name;
    if (!ours) result.emplace_back(text);
  }
  for (const auto& [name, value] : changes) {
    if (!value.empty()) result.push_back(fmt::format("{}={}", name, value));
  }
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::filesystem::path own_folder() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

}  // namespace

std::filesystem::path find_worker_program(const std::optional<std::string>& option) {
  std::vector<std::filesystem::path> candidates;
  const char* variable = std::getenv("SOUNDALIKE_WORKER");
  if (option) {
    candidates = {*option};
  } else if (variable && *variable) {
    candidates = {variable};
  } else {
    const std::filesystem::path folder = own_folder();
    candidates = {folder / "soundalike-worker", folder.parent_path() / "bin/soundalike-worker",
                  folder.parent_path() / "libexec/soundalike/soundalike-worker"};
    if (const char* bin = std::getenv("SOUNDALIKE_BIN"))
      candidates.push_back(std::filesystem::path(bin) / "soundalike-worker");
  }
  std::string tried;
  for (const auto& candidate : candidates) {
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    tried += (tried.empty() ? "'" : ", '") + candidate.string() + "'";
  }
  throw Error(ErrorCode::io, fmt::format("cannot find the render worker: no program at {}; set SOUNDALIKE_WORKER to "
                                         "its path",
                                         tried));
}

pid_t start_worker(const std::filesystem::path& program, std::vector<std::string> arguments, int descriptor) {
  arguments.insert(arguments.begin(), program.string());
  std::vector<std::string> variables = environment();
  const auto argv = pointers(arguments);
  const auto envp = pointers(variables);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, descriptor, worker_descriptor);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);  // plugins print
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&files, worker_descriptor + 1);
  // A process group of its own: Ctrl-C on the terminal is for the process that started the workers, which decides what
  // becomes of them.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  sigset_t all;
  sigfillset(&all);
  posix_spawnattr_setsigdefault(&attributes, &all);

  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, program.c_str(), &files, &attributes, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (error == 0) return pid;
  throw Error(ErrorCode::io,
              fmt::format("cannot start the render worker '{}': {}", program.string(), std::strerror(error)));
}

Error worker_never_began(const std::filesystem::path& program, const std::string& cause) {
  return Error(
      ErrorCode::io,
      fmt::format("cannot start the render worker '{}': {} before it had begun; is it the soundalike-worker of "
                  "this version, and are its libraries there?",
                  program.string(), cause));
}

std::string describe_exit(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    const char* name = ::sigabbrev_np(number);
    return fmt::format("SIG{} ({})", name ? name : std::to_string(number).c_str(), ::strsignal(number));
  }
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

}  // namespace soundalike
