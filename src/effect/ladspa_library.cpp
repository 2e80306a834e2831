#include "effect/ladspa_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <ladspa.h>

#include "effect/plugin_call.hpp"
#include "effect/shared_library.hpp"

namespace soundalike {

std::vector<const void*> load_ladspa_library(const std::filesystem::path& file) {
  constexpr unsigned long most = 10'000;  // one that never answers null must not fill the memory
  const std::string name = file.filename().string();
  void* library = load_library(file, name);
  const auto get = reinterpret_cast<LADSPA_Descriptor_Function>(dlsym(library, "ladspa_descriptor"));
  if (!get) {
    throw Error(ErrorCode::plugin_failed,
                fmt::format("cannot load '{}': it is no LADSPA plugin: it has no function ladspa_descriptor", name));
  }
  std::vector<const void*> descriptors;
  call_plugin(name, [&] {
    for (unsigned long i = 0; i < most; ++i) {
      const LADSPA_Descriptor* descriptor = get(i);
      if (!descriptor) break;
      descriptors.push_back(descriptor);
    }
  });
  return descriptors;
}

}  // namespace soundalike
