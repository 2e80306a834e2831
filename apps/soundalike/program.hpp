#pragma once

#include <string>
#include <vector>

namespace soundalike::cli {

/// The program without main(): understands the words after the program's name, runs the command, prints what failed.
/// @return the exit status.
int run_program(const std::vector<std::string>& words);

}  // namespace soundalike::cli
