#pragma once

#include <cstddef>
#include <string_view>

namespace soundalike {

/// Edits (insert, delete, replace, swap neighbours) between two short texts: optimal string alignment.
std::size_t edits(std::string_view a, std::string_view b);

}  // namespace soundalike
