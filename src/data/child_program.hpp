#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace soundalike {

/// Where a program lies in PATH; nothing when it is not installed.
std::optional<std::filesystem::path> find_program(const std::string& name);

/// Runs a program to its end, silent, without a shell. @return its exit status; 128 + n when signal n ended it.
/// @throws Error io when it cannot be started.
int run_program(const std::filesystem::path& program, const std::vector<std::string>& arguments);

}  // namespace soundalike
