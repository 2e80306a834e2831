#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "soundalike/error.hpp"

namespace soundalike {

/// The program in which plugins run: the option, else $SOUNDALIKE_WORKER, else soundalike-worker beside this program,
/// in ../bin or ../libexec of it, else beside the tests' $SOUNDALIKE_BIN. @throws Error io naming what was tried: what
/// is wrong with the worker is never the fault of a plugin.
std::filesystem::path find_worker_program(const std::optional<std::string>& option = {});

/// What start_worker() calls the descriptor it hands over.
inline constexpr int worker_descriptor = 3;

/// Starts the program in this process's environment, changed to one in which plugins are pure, in a process group of
/// its own, with `descriptor` and no other file open.
/// @return its id. @throws Error io when it cannot be started.
pid_t start_worker(const std::filesystem::path& program, std::vector<std::string> arguments, int descriptor);

/// For a program that started, but ended or hung before it was one of our workers. @param cause "it ended with ..."
Error worker_never_began(const std::filesystem::path& program, const std::string& cause);

/// How a process ended, from its wait status, for people: "SIGSEGV (Segmentation fault)", "exit status 3".
std::string describe_exit(int status);

}  // namespace soundalike
