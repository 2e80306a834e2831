#include "effect/shared_library.hpp"

#include <dlfcn.h>

#include "effect/plugin_call.hpp"

namespace soundalike {

void* load_library(const std::filesystem::path& file, const std::string& name) {
  // Libraries built with -ffast-math set the flush-to-zero mode when they are loaded, and leave it; constructors of
  // static objects may throw.
  void* library = call_plugin(name, [&] { return dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL); });
  if (library) return library;
  const char* reason = dlerror();
  throw Error(ErrorCode::plugin_failed, fmt::format("cannot load '{}': {}; reinstalling its package may help", name,
                                                    reason ? reason : "unknown reason"));
}

}  // namespace soundalike
