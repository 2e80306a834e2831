#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace soundalike::farm {

/// Sleeps while `word` equals `expected`, until a wake or the timeout; returns early now and then: check again. Works
/// across processes that map the same memory.
void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::optional<std::chrono::milliseconds> timeout = {});
void futex_wake(std::atomic<std::uint32_t>& word, int sleepers);

/// CLOCK_MONOTONIC in nanoseconds, the same in every process; asked of the kernel itself, because the worker program
/// replaces clock_gettime() for plugins.
std::uint64_t monotonic_ns();

}  // namespace soundalike::farm
