#pragma once

#include <cstddef>

namespace soundalike::farm {

/// What instances that have come and gone left behind in this process: threads, memory, open files.
class ProcessCondition {
 public:
  /// Takes what there is now, with the effect loaded and no instance made, for normal.
  void begin();
  /// Whether there was one thread then.
  bool single() const { return threads_ == 1; }
  /// Whether there are more threads than then. Waits a few milliseconds for those that are about to end. One system
  /// call where there are none.
  bool threads_left() const;
  /// Whether memory or open files have grown beyond reason: 512 MiB or 64 files. Some ten microseconds.
  bool grown() const;

 private:
  std::size_t threads_ = 1;
  std::size_t resident_ = 0;
  std::size_t files_ = 0;
};

}  // namespace soundalike::farm
