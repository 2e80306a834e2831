#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "effect/vst3_object.hpp"

namespace soundalike::vst3 {

/// What a module says about one of its audio effects or instruments.
struct ClassInfo {
  std::string id;  ///< 32 hexadecimal digits
  std::string name;
  std::string vendor;
  std::string version;
  std::string category;  ///< "Fx|Dynamics|Stereo"
};

/// A loaded module. Modules stay loaded until the process ends: some leave threads behind, and the order in which
/// libraries are unloaded has brought down more than one host.
class Module {
 public:
  /// Loads the code of a bundle, or finds it loaded. For any thread.
  /// @throws Error unsupported, plugin_failed with the reason.
  static const Module& load(const std::filesystem::path& bundle);

  /// Its audio effects and instruments, in its own order.
  const std::vector<ClassInfo>& classes() const { return classes_; }
  const ClassInfo* find(std::string_view id) const;
  /// An object of a class: one of classes(), or a controller that a component names.
  /// @return none when the module refuses.
  template <typename Interface>
  Handle<Interface> create(const Steinberg::TUID id) const {
    void* made = nullptr;
    const auto result = factory_->createInstance(id, InterfaceId<Interface>::value(), &made);
    if (result != Steinberg::kResultOk || !made) return {};
    return Handle<Interface>::adopt(static_cast<Interface*>(made));
  }
  /// The object that plugins know this program by.
  Steinberg::FUnknown* host() const { return host_.get(); }

 private:
  explicit Module(const std::filesystem::path& bundle);
  void read_classes();

  Handle<Steinberg::FUnknown> host_;
  Handle<Steinberg::IPluginFactory> factory_;
  std::vector<ClassInfo> classes_;
};

}  // namespace soundalike::vst3
