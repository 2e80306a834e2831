#pragma once

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

namespace soundalike::bench {

/// Counts the instructions that a process takes outside the kernel, by the processor's own counter. No other program,
/// and no other use of a cache, changes it. Virtual machines and containers often have none.
class InstructionCounter {
 public:
  /// @param process 0: the calling thread; else a process with one thread, and what it starts later.
  explicit InstructionCounter(pid_t process) {
    perf_event_attr attributes{};
    attributes.size = sizeof attributes;
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    attributes.inherit = process == 0 ? 0 : 1;
    descriptor_ = static_cast<int>(::syscall(SYS_perf_event_open, &attributes, process, -1, -1, PERF_FLAG_FD_CLOEXEC));
    if (descriptor_ < 0) problem_ = std::strerror(errno);
  }
  ~InstructionCounter() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  InstructionCounter(const InstructionCounter&) = delete;
  InstructionCounter& operator=(const InstructionCounter&) = delete;

  /// Why nothing is counted; empty where it is.
  const std::string& problem() const { return problem_; }
  /// Since it was made; 0 where nothing is counted.
  std::uint64_t count() const {
    std::uint64_t value = 0;
    return descriptor_ >= 0 && ::read(descriptor_, &value, sizeof value) == sizeof value ? value : 0;
  }

 private:
  int descriptor_ = -1;
  std::string problem_;
};

}  // namespace soundalike::bench
