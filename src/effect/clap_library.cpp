#include "effect/clap_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

#include "effect/plugin_call.hpp"
#include "effect/shared_library.hpp"
#include "soundalike/error.hpp"

namespace soundalike::clap {
namespace {

// A factory that counts more is damaged.
constexpr std::uint32_t most_classes = 10000;
constexpr std::size_t most_features = 100;

[[noreturn]] void fail(const std::string& name, const std::string& problem) {
  throw Error(ErrorCode::plugin_failed, fmt::format("cannot load '{}': {}", name, problem));
}

std::string text(const char* text) { return text ? text : ""; }

}  // namespace

Library::Library(const std::filesystem::path& file) : name_(file.filename().string()) {
  void* library = load_library(file, name_);
  const auto* entry = static_cast<const clap_plugin_entry*>(::dlsym(library, "clap_entry"));
  if (!entry) fail(name_, "it is a library but no CLAP plugin: it has no clap_entry");
  if (!clap_version_is_compatible(entry->clap_version)) {
    fail(name_, fmt::format("it is made for CLAP {}.{}; CLAP 1 would work", entry->clap_version.major,
                            entry->clap_version.minor));
  }
  call_plugin(name_, [&] {
    if (!entry->init || !entry->init(file.c_str())) fail(name_, "its clap_entry reports failure");
    factory_ = static_cast<const clap_plugin_factory*>(entry->get_factory(CLAP_PLUGIN_FACTORY_ID));
    if (!factory_) fail(name_, "it has no factory of plugins");
    read_classes();
  });
}

void Library::read_classes() {
  const std::uint32_t count = std::min(factory_->get_plugin_count(factory_), most_classes);
  for (std::uint32_t i = 0; i < count; ++i) {
    const clap_plugin_descriptor* descriptor = factory_->get_plugin_descriptor(factory_, i);
    if (!descriptor || !descriptor->id || !clap_version_is_compatible(descriptor->clap_version)) continue;
    ClassInfo& info = classes_.emplace_back();
    info.id = descriptor->id;
    info.name = descriptor->name ? descriptor->name : descriptor->id;
    info.vendor = text(descriptor->vendor);
    info.version = text(descriptor->version);
    for (std::size_t f = 0; descriptor->features && descriptor->features[f] && f < most_features; ++f) {
      info.features.emplace_back(descriptor->features[f]);
    }
  }
}

const ClassInfo* Library::find(std::string_view id) const {
  const auto found = std::ranges::find(classes_, id, &ClassInfo::id);
  return found == classes_.end() ? nullptr : &*found;
}

const Library& Library::load(const std::filesystem::path& file) {
  static std::mutex mutex;
  static auto& loaded = *new std::map<std::filesystem::path, std::unique_ptr<const Library>>;
  const std::lock_guard lock(mutex);
  auto& library = loaded[file];
  if (!library) library.reset(new Library(file));
  return *library;
}

}  // namespace soundalike::clap
