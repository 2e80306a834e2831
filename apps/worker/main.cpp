// The render worker: one single-threaded process that renders jobs from memory shared with its renderer. Started by
// BatchRenderer, not by people.
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>

#include "render/worker_loop.hpp"
#include "worker/repeatable.hpp"

namespace {

std::optional<int> number(const char* text) {
  int value = 0;
  const char* end = text + std::strlen(text);
  const auto result = std::from_chars(text, end, value);
  if (result.ec != std::errc{} || result.ptr != end || value < 0) return {};
  return value;
}

// Addresses are the same in every worker, so a plugin that sorts by pointer or reads an address where it should read
// a number still repeats. Takes effect with the next exec.
void fix_addresses(char** argv) {
  const int persona = ::personality(0xffffffff);
  if (persona < 0 || (persona & ADDR_NO_RANDOMIZE)) return;
  if (::personality(static_cast<unsigned long>(persona) | ADDR_NO_RANDOMIZE) < 0) return;  // forbidden: go on without
  ::execv("/proc/self/exe", argv);
}

}  // namespace

int main(int argc, char** argv) {
  const auto descriptor = argc == 4 ? number(argv[1]) : std::nullopt;
  const auto index = argc == 4 ? number(argv[2]) : std::nullopt;
  const auto parent = argc == 4 ? number(argv[3]) : std::nullopt;
  if (!descriptor || !index || !parent) {
    std::fputs("soundalike-worker is started by soundalike; it has no use of its own\n", stderr);
    return 2;
  }
  // Nothing outlives the renderer, however it ends; it may have ended before this call.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != *parent) return 0;
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  fix_addresses(argv);
  ::prctl(PR_SET_NAME, "soundalike-worker");  // the exec named it "exe"
  const int status = soundalike::farm::run_worker(*descriptor, static_cast<std::size_t>(*index),
                                                  {.before_render = soundalike::reset_repeatable});
  ::_exit(status);  // no plugin's static destructors
}
