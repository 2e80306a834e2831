#include "effect/vst3_module.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

#include "effect/flush_to_zero.hpp"
#include "effect/vst3_bundle.hpp"
#include "effect/vst3_host.hpp"
#include "effect/vst3_text.hpp"
#include "soundalike/error.hpp"

namespace soundalike::vst3 {
namespace {

// A factory that counts more is damaged.
constexpr Steinberg::int32 most_classes = 10000;

using EntryPoint = bool (*)(void* library);
using FactoryPoint = Steinberg::IPluginFactory*(PLUGIN_API*)();

[[noreturn]] void fail(const std::filesystem::path& bundle, const std::string& problem) {
  throw Error(ErrorCode::plugin_failed, fmt::format("cannot load '{}': {}", bundle.filename().string(), problem));
}

}  // namespace

Module::Module(const std::filesystem::path& bundle) {
  const auto application = make_object<HostApplication>();
  host_ = query<Steinberg::FUnknown>(static_cast<Steinberg::Vst::IHostApplication*>(application.get()));
  const std::filesystem::path code = code_of(bundle);
  const FlushToZero restored;  // libraries built with -ffast-math set the mode when they are loaded, and leave it
  void* library = ::dlopen(code.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char* reason = ::dlerror();
    fail(bundle, reason ? reason : "the loader gives no reason");
  }
  const auto make_factory = reinterpret_cast<FactoryPoint>(::dlsym(library, "GetPluginFactory"));
  if (!make_factory) fail(bundle, "it is a library but no VST3 module: it has no GetPluginFactory");
  const auto enter = reinterpret_cast<EntryPoint>(::dlsym(library, "ModuleEntry"));
  if (enter && !enter(library)) fail(bundle, "its ModuleEntry reports failure");
  factory_ = Handle<Steinberg::IPluginFactory>::adopt(make_factory());
  if (!factory_) fail(bundle, "its GetPluginFactory gives nothing");
  if (const auto third = query<Steinberg::IPluginFactory3>(factory_.get())) third->setHostContext(host());
  read_classes();
}

void Module::read_classes() {
  Steinberg::PFactoryInfo maker;
  factory_->getFactoryInfo(&maker);
  const auto second = query<Steinberg::IPluginFactory2>(factory_.get());
  const Steinberg::int32 count = std::min(factory_->countClasses(), most_classes);
  for (Steinberg::int32 i = 0; i < count; ++i) {
    Steinberg::PClassInfo2 info;
    if (!second || second->getClassInfo2(i, &info) != Steinberg::kResultOk) {
      Steinberg::PClassInfo first;
      if (factory_->getClassInfo(i, &first) != Steinberg::kResultOk) continue;
      info = Steinberg::PClassInfo2(first.cid, first.cardinality, first.category, first.name, 0, "", "", "", "");
    }
    if (field(info.category, sizeof info.category) != kVstAudioEffectClass) continue;
    std::string vendor = field(info.vendor, sizeof info.vendor);
    if (vendor.empty()) vendor = field(maker.vendor, sizeof maker.vendor);
    classes_.push_back({hex(info.cid), field(info.name, sizeof info.name), std::move(vendor),
                        field(info.version, sizeof info.version),
                        field(info.subCategories, sizeof info.subCategories)});
  }
}

const ClassInfo* Module::find(std::string_view id) const {
  const auto found = std::ranges::find(classes_, id, &ClassInfo::id);
  return found == classes_.end() ? nullptr : &*found;
}

const Module& Module::load(const std::filesystem::path& bundle) {
  // A module's entry point must be called once in a process, however many of its effects are opened. Never destroyed.
  static std::mutex mutex;
  static auto& loaded = *new std::map<std::filesystem::path, std::unique_ptr<const Module>>;
  const std::lock_guard lock(mutex);
  auto& module = loaded[bundle];
  if (!module) module.reset(new Module(bundle));
  return *module;
}

}  // namespace soundalike::vst3
