#pragma once

#include "effect/vst3_object.hpp"

namespace soundalike::vst3 {

/// What a plugin sees of this program: its name, and messages for its two halves to send to each other. No window.
class HostApplication : public Object<Steinberg::Vst::IHostApplication, Steinberg::Vst::IPlugInterfaceSupport> {
 public:
  Steinberg::tresult PLUGIN_API getName(Steinberg::Vst::String128 name) override;
  Steinberg::tresult PLUGIN_API createInstance(Steinberg::TUID class_id, Steinberg::TUID id, void** object) override;
  Steinberg::tresult PLUGIN_API isPlugInterfaceSupported(const Steinberg::TUID id) override;
};

/// Where a controller reports edits, which nobody makes here, and what it wants restarted.
class ComponentHandler : public Object<Steinberg::Vst::IComponentHandler> {
 public:
  /// Whether a restart for this reason (RestartFlags) was asked for since this was last called.
  bool take_restart(Steinberg::int32 flag);

  Steinberg::tresult PLUGIN_API beginEdit(Steinberg::Vst::ParamID) override { return Steinberg::kResultOk; }
  Steinberg::tresult PLUGIN_API performEdit(Steinberg::Vst::ParamID, Steinberg::Vst::ParamValue) override {
    return Steinberg::kResultOk;
  }
  Steinberg::tresult PLUGIN_API endEdit(Steinberg::Vst::ParamID) override { return Steinberg::kResultOk; }
  Steinberg::tresult PLUGIN_API restartComponent(Steinberg::int32 flags) override;

 private:
  std::atomic<Steinberg::int32> restarts_ = 0;
};

}  // namespace soundalike::vst3
