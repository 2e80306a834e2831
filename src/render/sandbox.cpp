#include "render/sandbox.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>

#include "render/landlock.hpp"
#include "render/syscall_filter.hpp"

namespace soundalike::farm {
namespace {

// Whoever runs as root keeps reading what it could read, and nothing else.
bool drop_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return false;
  const std::uint32_t read = sets[0].permitted & (1u << CAP_DAC_READ_SEARCH);
  const bool had_more = sets[0].permitted != read || sets[1].permitted != 0;
  sets = {};
  sets[0].effective = sets[0].permitted = read;
  return ::syscall(SYS_capset, &header, sets.data()) == 0 && had_more;
}

void lower(int resource, std::size_t bytes) {
  rlimit limit{};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) return;
  if (bytes >= limit.rlim_max) return;
  limit = {bytes, bytes};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &limit);
}

std::size_t address_space() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

bool limit_memory([[maybe_unused]] std::size_t bytes) {
#ifdef __SANITIZE_ADDRESS__
  return false;  // its shadow memory is larger than any limit
#else
  lower(RLIMIT_DATA, bytes);                      // what malloc() and the stacks of threads take
  lower(RLIMIT_AS, address_space() + 2 * bytes);  // what is mapped otherwise, libraries and the shared arena included
  return true;
#endif
}

// When the machine runs out of memory, the kernel shall end a worker, not the program it works for.
void be_first_to_go() {
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(file, "1000", 4);
  ::close(file);
}

}  // namespace

std::string enter_sandbox(const SandboxPlan& plan) {
  std::string used;
  std::string lacking;
  const auto add = [](std::string& list, const std::string& what) { list += (list.empty() ? "" : ", ") + what; };
  const auto note = [&](const std::string& what) { add(used, what); };
  be_first_to_go();
  std::string memory;
  if (plan.memory_bytes > 0 && limit_memory(plan.memory_bytes)) {
    memory = fmt::format("{:.3g} GiB of memory", static_cast<double>(plan.memory_bytes) / (1 << 30));
  }
  if (plan.enabled) {
    const int landlock = forbid_writing();
    const bool dropped = drop_capabilities();
    if (filter_syscalls({plan.may_fork ? 0 : ::getpid(), plan.may_fork, landlock > 0})) {
      note("seccomp");
    } else {
      add(lacking, "seccomp");
      if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // other credentials: forgotten
        note("network namespace");
      }
    }
    if (landlock > 0) {
      note(fmt::format("landlock {}", landlock));
    } else {
      add(lacking, "landlock");
    }
    if (dropped) note("capabilities dropped");
  }
  if (!memory.empty()) note(memory);
  if (used.empty()) used = "none";
  return lacking.empty() ? used : fmt::format("{}; the kernel has no {}", used, lacking);
}

void close_sandbox() { filter_syscalls({::getpid(), false, true}); }

}  // namespace soundalike::farm
