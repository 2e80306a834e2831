// The worker, where the code of plugins runs: one single-threaded process that renders jobs from memory shared with its
// renderer, or loads plugin files to list them. Started by BatchRenderer and EffectLibrary, not by people.
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>

#include "effect/scan_process.hpp"
#include "effect/vst3_state.hpp"
#include "effect/worker_dialogue.hpp"
#include "effect/worker_program.hpp"
#include "render/sandbox.hpp"
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
// a number still repeats. Libraries go to the bottom of their room, as on old kernels: fixed at its top, right below
// the stack, some plugins run up to 30 % slower (ZamEQ2, in all formats). Takes effect with the next exec.
void fix_addresses(char** argv) {
#ifdef __SANITIZE_THREAD__
  constexpr unsigned long fixed = ADDR_NO_RANDOMIZE;  // its shadow leaves no room there
#else
  constexpr unsigned long fixed = ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT;
#endif
  const int persona = ::personality(0xffffffff);
  if (persona < 0 || (static_cast<unsigned long>(persona) & fixed) == fixed) return;
  if (::personality(static_cast<unsigned long>(persona) | fixed) < 0) return;  // forbidden: go on without
  ::execv("/proc/self/exe", argv);
}

// Nothing outlives the process that started this one, however it ends. False when it had ended before.
bool end_with(int parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  return ::getppid() == parent;
}

// soundalike-worker --scan <scheme> <parent>: loads plugin files to list what they hold.
int scan(const char* scheme, const char* parent_text) {
  const auto parent = number(parent_text);
  if (!parent || !end_with(*parent)) return 2;
  soundalike::farm::enter_sandbox({.memory_bytes = std::size_t{2} << 30});
  soundalike::greet(soundalike::worker_descriptor);
  return soundalike::serve_scan(soundalike::worker_descriptor, scheme);
}

// soundalike-worker --vst3-state <scheme> <parent>: has plugins save and load their state.
int keep_states(const char* parent_text) {
  const auto parent = number(parent_text);
  if (!parent || !end_with(*parent)) return 2;
  soundalike::farm::enter_sandbox({.memory_bytes = std::size_t{2} << 30});
  soundalike::greet(soundalike::worker_descriptor);
  return soundalike::vst3::serve_states(soundalike::worker_descriptor);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "--scan") == 0) ::_exit(scan(argv[2], argv[3]));
  if (argc == 4 && std::strcmp(argv[1], "--vst3-state") == 0) ::_exit(keep_states(argv[3]));
  const auto descriptor = argc == 4 ? number(argv[1]) : std::nullopt;
  const auto index = argc == 4 ? number(argv[2]) : std::nullopt;
  const auto parent = argc == 4 ? number(argv[3]) : std::nullopt;
  if (!descriptor || !index || !parent) {
    std::fputs("soundalike-worker is started by soundalike; it has no use of its own\n", stderr);
    return 2;
  }
  if (!end_with(*parent)) return 0;
  fix_addresses(argv);
  ::prctl(PR_SET_NAME, "soundalike-worker");  // the exec named it "exe"
  const int status = soundalike::farm::run_worker(*descriptor, static_cast<std::size_t>(*index),
                                                  {.before_render = soundalike::reset_repeatable});
  ::_exit(status);  // no plugin's static destructors
}
