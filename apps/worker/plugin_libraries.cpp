// Libraries that plugins bring along, where the result depends on how fast the machine is just then. Calls to the
// functions below come here first, as those to rand() do: see exports.txt.
#include <dlfcn.h>

namespace {

/// The function that the worker's own stands in for, as the library that holds `caller` would have found it.
template <typename Function>
Function* original(Function*, const char* name, const void* caller) {
  Dl_info info{};
  if (!::dladdr(caller, &info)) return nullptr;
  void* library = ::dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);  // stays open: what is found stays valid
  return library ? reinterpret_cast<Function*>(::dlsym(library, name)) : nullptr;
}

// FFTW_ESTIMATE chooses a plan by rule. All other modes run several and keep the fastest, and plans round differently.
constexpr unsigned fftw_estimate = 1u << 6;
constexpr unsigned fftw_choosing_modes = 1u << 3 | 1u << 5 | 1u << 21;  // exhaustive, patient, wisdom only

unsigned by_rule(unsigned flags) { return (flags & ~fftw_choosing_modes) | fftw_estimate; }

}  // namespace

extern "C" {

// What every fftw_plan_*() and fftwf_plan_*() ends in.
void* fftw_mkapiplan(int sign, unsigned flags, void* problem) {
  static auto* const next = original(&fftw_mkapiplan, "fftw_mkapiplan", __builtin_return_address(0));
  return next ? next(sign, by_rule(flags), problem) : nullptr;
}
void* fftwf_mkapiplan(int sign, unsigned flags, void* problem) {
  static auto* const next = original(&fftwf_mkapiplan, "fftwf_mkapiplan", __builtin_return_address(0));
  return next ? next(sign, by_rule(flags), problem) : nullptr;
}

// Convproc::process(bool sync) of zita-convolver. Without `sync` a part of the response that its thread has not ready
// in time is left out, and after five of them the convolver falls silent.
int convolve(void* convolver, bool sync) __asm__("_ZN9Convproc7processEb");
int convolve(void* convolver, bool) {
  static auto* const next = original(&convolve, "_ZN9Convproc7processEb", __builtin_return_address(0));
  constexpr int cannot_run = -1;  // Converror::BAD_STATE
  return next ? next(convolver, true) : cannot_run;
}

}  // extern "C"
