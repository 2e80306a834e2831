#pragma once

#include <string>

#include "effect/vst3_host.hpp"
#include "effect/vst3_module.hpp"

namespace soundalike::vst3 {

/// The objects that make one plugin: a component, which processes, and a controller, which knows the parameters, in one
/// object or two; initialised and connected. For one thread; any number of plugins may live on threads of their own.
class Plugin {
 public:
  /// @throws Error plugin_failed when the module refuses or throws.
  Plugin(const Module& module, const ClassInfo& info);
  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  const std::string& name() const { return name_; }
  Steinberg::Vst::IComponent& component() const { return *component_; }
  Steinberg::Vst::IAudioProcessor& processor() const { return *processor_; }
  /// Null where the plugin has none: then it has no parameters.
  Steinberg::Vst::IEditController* controller() const { return controller_.get(); }
  ComponentHandler& handler() const { return *handler_; }

  /// What the component saves of itself; empty when it saves nothing. The same of the controller.
  std::string component_state() const;
  std::string controller_state() const;
  /// Puts saved states back, as hosts do when they load a preset; the controller is told of both.
  /// @throws Error plugin_failed when the component refuses it.
  void restore(const std::string& component_state, const std::string& controller_state);

 private:
  void create(const Module& module, const ClassInfo& info);
  void create_controller(const Module& module);
  void end();

  std::string name_;
  Handle<ComponentHandler> handler_ = make_object<ComponentHandler>();
  Handle<Steinberg::Vst::IComponent> component_;
  Handle<Steinberg::Vst::IAudioProcessor> processor_;
  Handle<Steinberg::Vst::IEditController> controller_;
  Handle<Steinberg::Vst::IConnectionPoint> component_point_;
  Handle<Steinberg::Vst::IConnectionPoint> controller_point_;
  bool component_ready_ = false;
  bool controller_ready_ = false;  ///< initialised by itself, being another object
};

}  // namespace soundalike::vst3
