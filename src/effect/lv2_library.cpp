#include "effect/lv2_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <lv2/core/lv2.h>

#include "effect/flush_to_zero.hpp"
#include "effect/quirks.hpp"
#include "effect/shared_library.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

const LV2_Descriptor* find_descriptor(void* library, const Lv2Model& model, const void* features) {
  const Quirk& quirk = quirk_of(model.uri);
  const std::string_view uri = quirk.binary_uri.empty() ? std::string_view(model.uri) : quirk.binary_uri;
  if (const auto list = reinterpret_cast<LV2_Lib_Descriptor_Function>(dlsym(library, "lv2_lib_descriptor"))) {
    const std::string bundle = (model.bundle / "").string();
    const LV2_Lib_Descriptor* lib = list(bundle.c_str(), static_cast<const LV2_Feature* const*>(features));
    for (std::uint32_t i = 0; lib; ++i) {
      const LV2_Descriptor* descriptor = lib->get_plugin(lib->handle, i);
      if (!descriptor) break;
      if (uri == descriptor->URI) return descriptor;
    }
  }
  if (const auto get = reinterpret_cast<LV2_Descriptor_Function>(dlsym(library, "lv2_descriptor"))) {
    for (std::uint32_t i = 0;; ++i) {
      const LV2_Descriptor* descriptor = get(i);
      if (!descriptor) break;
      if (uri == descriptor->URI) return descriptor;
    }
  }
  return nullptr;
}

}  // namespace

const void* load_lv2_descriptor(const Lv2Model& model, const void* features) {
  const Quirk& quirk = quirk_of(model.uri);
  const FlushToZero restored;  // libraries built with -ffast-math set the mode when they are loaded, and leave it
  if (!quirk.preload.empty()) dlopen(std::string(quirk.preload).c_str(), RTLD_NOW | RTLD_GLOBAL);
  void* library = load_library(model.library, model.info.name);
  const LV2_Descriptor* descriptor = find_descriptor(library, model, features);
  if (!descriptor) {
    throw Error(ErrorCode::plugin_failed,
                fmt::format("cannot load '{}': its library {} holds no plugin <{}>; its bundle is inconsistent",
                            model.info.name, model.library.string(), model.uri));
  }
  return descriptor;
}

}  // namespace soundalike
