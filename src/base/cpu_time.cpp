#include "base/cpu_time.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

namespace soundalike {
namespace {

// Asked of the kernel itself, because the worker program replaces clock_gettime() for plugins.
double seconds_of(clockid_t clock) {
  timespec now{};
  ::syscall(SYS_clock_gettime, clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

double thread_cpu_seconds() { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }
double process_cpu_seconds() { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }

}  // namespace soundalike
