#pragma once

#include <string>

namespace soundalike::cli {

/// Completion scripts, made from the command and option tables: commands, options, choices, files, installed effects.
std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace soundalike::cli
