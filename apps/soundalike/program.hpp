#pragma once

#include <span>
#include <string>
#include <vector>

#include "training_program.hpp"

namespace soundalike::cli {

/// The program without main(): understands the words after the program's name, runs the command, prints what failed.
/// @param work done in place of what the commands it names do themselves.
/// @return the exit status.
int run_program(const std::vector<std::string>& words, std::span<const Work> work = {});

}  // namespace soundalike::cli
