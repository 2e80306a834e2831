#pragma once

#include <algorithm>
#include <cstddef>
#include <thread>

#include "context.hpp"

namespace soundalike::cli {

/// Threads for work in this process: as many as --jobs says, else one per core.
inline std::size_t threads_of(const Context& context) {
  return context.jobs() > 0 ? context.jobs() : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

}  // namespace soundalike::cli
