#pragma once

#include <cstddef>

namespace soundalike::farm {

/// What the worker program does for every render beyond this module's reach.
struct WorkerHooks {
  void (*before_render)() = nullptr;  ///< puts rand(), the clock and whatever else plugins read into a known state
};

/// The life of a render worker: attaches the arena, opens the effect, renders until told to shut down.
/// @return the exit status; an effect that cannot be opened is reported through the arena.
int run_worker(int arena_descriptor, std::size_t index, const WorkerHooks& hooks);

}  // namespace soundalike::farm
