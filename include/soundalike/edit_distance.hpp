#pragma once

#include <cstddef>
#include <string_view>

namespace soundalike {

/// Edits (insert, delete, replace, swap neighbours) that make one short text the other: optimal string alignment, with
/// case and bytes as they are. For "did you mean ...?".
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace soundalike
