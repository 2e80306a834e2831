#pragma once

#include <sys/types.h>

namespace soundalike::farm {

struct SyscallRules {
  pid_t process;   ///< the only process that may be sent signals, besides the caller's process group; 0: no rule
  bool may_fork;   ///< else threads are all that can be started
  bool may_write;  ///< files may be opened for writing, as far as something else does not forbid it
};

/// From here on the kernel answers system calls that a plugin has no business with as it answers someone without the
/// permission: no network, no new programs, no signals to others, no change to the file system, nothing that would
/// outlive the process. Holds for all threads and children to come and cannot be undone. A second filter adds to the
/// first. False where the kernel has no filters; nothing has changed then.
bool filter_syscalls(const SyscallRules& rules);

}  // namespace soundalike::farm
