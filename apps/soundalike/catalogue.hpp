#pragma once

#include <span>
#include <string_view>

#include "command.hpp"

namespace soundalike::cli {

/// Every command, in the order of the overview.
std::span<const Command* const> commands();

/// The command of that full name ("effects show"), or null.
const Command* find_command(std::string_view name);

/// True when some command's name is `words` followed by another word: "effects" because of "effects show".
bool begins_command(std::string_view words);

/// Options that every command has: --json, --quiet, ...
std::span<const Option> global_options();

}  // namespace soundalike::cli
