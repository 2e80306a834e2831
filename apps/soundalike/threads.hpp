#pragma once

#include <cstddef>

#include "base/parallel.hpp"
#include "context.hpp"

namespace soundalike::cli {

/// Threads for work in this process: as many as --jobs says, else one per core.
inline std::size_t threads_of(const Context& context) { return threads_or_cores(context.jobs()); }

}  // namespace soundalike::cli
