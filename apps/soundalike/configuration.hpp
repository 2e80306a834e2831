#pragma once

#include <string>
#include <vector>

#include "arguments.hpp"

namespace soundalike::cli {

/// Replaces `--config FILE` by what the TOML file says, for commands that have that option: each key is the long name
/// of an option ("-" and "_" are the same), true or false for flags, a list for options that may be repeated. What
/// stands on the command line too counts before the file.
///
///   effect = ["mda Delay"]
///   learning_rate = 1e-3
///
/// @throws Error not_found, io, invalid_argument for a file that is not TOML (with the line), and for unknown keys
///         (with the nearest).
std::vector<std::string> with_configuration(const std::vector<std::string>& words);

/// Every option of the command with its value, given or default, as a JSON object: what a run was told. Without
/// `config` and the options named in `left_out`.
std::string configuration_json(const Command& command, const Arguments& arguments, const Words& left_out);

}  // namespace soundalike::cli
