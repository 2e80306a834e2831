#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace soundalike {

/// The program in which plugins run: the option, else $SOUNDALIKE_WORKER, else soundalike-worker beside this program,
/// in ../bin or ../libexec of it, else beside the tests' $SOUNDALIKE_BIN. @throws Error not_found naming what was
/// tried.
std::filesystem::path find_worker_program(const std::optional<std::string>& option = {});

/// What start_worker() calls the descriptor it hands over.
inline constexpr int worker_descriptor = 3;

/// Starts the program in this process's environment, changed to one in which plugins are pure, in a process group of
/// its own, with `descriptor` and no other file open.
/// @return its id. @throws Error io when it cannot be started.
pid_t start_worker(const std::filesystem::path& program, std::vector<std::string> arguments, int descriptor);

/// How a process ended, from its wait status, for people: "SIGSEGV (Segmentation fault)", "exit status 3".
std::string describe_exit(int status);

}  // namespace soundalike
