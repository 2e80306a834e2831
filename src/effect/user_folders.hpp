#pragma once

#include <filesystem>
#include <optional>

namespace soundalike {

/// $<variable>/soundalike, else $HOME/<fallback>/soundalike, as the XDG base directory specification has it (a relative
/// value counts as unset); absent without a home.
std::optional<std::filesystem::path> user_folder(const char* variable, const char* fallback);

}  // namespace soundalike
