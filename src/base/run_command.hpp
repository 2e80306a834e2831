#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>

namespace soundalike {

/// How a command ended, and what it said.
struct CommandEnd {
  int status = 0;          ///< exit status; 128 + n when signal n ended it
  bool timed_out = false;  ///< it was killed
  bool stopped = false;    ///< it was killed
  std::string output;      ///< standard output, its last 64 KiB
  std::string complaint;   ///< the last line on standard error
};

/// Runs a command by /bin/sh with nothing on its standard input, in a process group of its own, which is killed when
/// the time is up, when a stop is asked for, and when the command has ended and left something behind.
/// @throws Error io when it cannot be started.
CommandEnd run_command(const std::string& command, double timeout_seconds, const std::stop_token& stop = {});

/// A word that /bin/sh reads as this text.
std::string shell_quoted(const std::string& text);

/// A command in which each `word`, such as "{input}", is replaced by the name of a file, quoted.
std::string command_with(std::string command, std::string_view word, const std::filesystem::path& file);

}  // namespace soundalike
