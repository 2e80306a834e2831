#pragma once

#include <cstddef>
#include <string>

namespace soundalike::farm {

/// What plugins may not do in a render worker.
struct SandboxPlan {
  bool enabled = true;
  bool may_fork = false;         ///< the worker renders in children of its own; they call close_sandbox()
  std::size_t memory_bytes = 0;  ///< private memory, beyond which allocations fail; 0: no limit
};

/// Gives up, for this process and all it starts, what no effect needs: the network, writing files, other programs,
/// signals to other processes, privileges, memory beyond the limit. What is forbidden fails with "permission denied",
/// so a plugin that tries goes on as it would for a user without the right. Call before plugin code is loaded, while
/// there is one thread.
///
/// Uses what the kernel has, as any user, in containers and in a chroot: a seccomp filter, Landlock, resource limits,
/// and without seccomp a network namespace.
/// @return what holds, for people: "seccomp, landlock 7, 2 GiB of memory"; "none" when nothing does. What the kernel
///         does not have is named behind: "seccomp, 2 GiB of memory; the kernel has no landlock".
std::string enter_sandbox(const SandboxPlan& plan);

/// In a child of a worker with `may_fork`: no children of its own.
void close_sandbox();

}  // namespace soundalike::farm
