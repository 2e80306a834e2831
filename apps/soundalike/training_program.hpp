#pragma once

#include "command.hpp"

namespace soundalike::cli {

/// Runs the command in soundalike-train, the program that links torch, in place of this one.
/// @throws Error unsupported when it is not installed.
int run_in_training_program(const Arguments& arguments, Context& context);

/// What does a command in place of its own `run`: how soundalike-train gives the training commands their work.
struct Work {
  std::string_view command;
  int (*run)(const Arguments&, Context&);
};

}  // namespace soundalike::cli
