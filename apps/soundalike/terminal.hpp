#pragma once

#include <cstddef>

namespace soundalike::cli {

bool is_terminal(int descriptor);

/// Columns of the terminal behind a descriptor; 0 when it is none, 80 when it does not say.
std::size_t terminal_width(int descriptor);

}  // namespace soundalike::cli
