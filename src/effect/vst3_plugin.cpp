#include "effect/vst3_plugin.hpp"

#include <fmt/format.h>

#include <mutex>

#include "effect/plugin_call.hpp"
#include "effect/vst3_stream.hpp"
#include "effect/vst3_text.hpp"
#include "soundalike/error.hpp"

namespace soundalike::vst3 {
namespace {

using Steinberg::kResultOk;

template <typename Saver>
std::string state_of(const std::string& name, Saver& saver) {
  const auto stream = make_object<Stream>();
  const auto result = call_plugin(name, [&] { return saver.getState(stream.get()); });
  return result == kResultOk ? stream->bytes() : std::string();
}

}  // namespace

Plugin::Plugin(const Module& module, const ClassInfo& info) : name_(info.name) {
  const std::lock_guard lock(plugin_life_mutex());
  try {
    call_plugin(name_, [&] { create(module, info); });
  } catch (...) {
    end();
    throw;
  }
}

void Plugin::create(const Module& module, const ClassInfo& info) {
  const auto refuse = [&](const std::string& problem) {
    throw Error(ErrorCode::plugin_failed, fmt::format("cannot start '{}': {}", name_, problem));
  };
  Steinberg::TUID id;
  if (!from_hex(info.id, id)) refuse("its class id is damaged");
  component_ = module.create<Steinberg::Vst::IComponent>(id);
  if (!component_) refuse("its module makes no such component");
  const auto result = component_->initialize(module.host());
  if (result != kResultOk) refuse(fmt::format("it cannot be initialised ({})", result_name(result)));
  component_ready_ = true;
  processor_ = query<Steinberg::Vst::IAudioProcessor>(component_.get());
  if (!processor_) refuse("it processes no audio");
  create_controller(module);
}

void Plugin::create_controller(const Module& module) {
  controller_ = query<Steinberg::Vst::IEditController>(component_.get());
  if (!controller_) {
    Steinberg::TUID id{};
    if (component_->getControllerClassId(id) != kResultOk) return;
    controller_ = module.create<Steinberg::Vst::IEditController>(id);
    if (!controller_ || controller_->initialize(module.host()) != kResultOk) {
      controller_ = {};
      return;
    }
    controller_ready_ = true;
  }
  controller_->setComponentHandler(handler_.get());
  if (!controller_ready_) return;
  component_point_ = query<Steinberg::Vst::IConnectionPoint>(component_.get());
  controller_point_ = query<Steinberg::Vst::IConnectionPoint>(controller_.get());
  if (!component_point_ || !controller_point_) return;
  component_point_->connect(controller_point_.get());
  controller_point_->connect(component_point_.get());
}

void Plugin::end() {
  try {
    if (component_point_ && controller_point_) {
      component_point_->disconnect(controller_point_.get());
      controller_point_->disconnect(component_point_.get());
    }
    component_point_ = {};
    controller_point_ = {};
    if (controller_) controller_->setComponentHandler(nullptr);
    if (controller_ready_) controller_->terminate();
    controller_ = {};
    processor_ = {};
    if (component_ready_) component_->terminate();
    component_ = {};
  } catch (...) {  // NOLINT: the output is complete; a throwing destructor of a plugin changes nothing about it
  }
}

Plugin::~Plugin() {
  const std::lock_guard lock(plugin_life_mutex());
  const FlushToZero flush;
  end();
}

std::string Plugin::component_state() const { return state_of(name_, *component_); }

std::string Plugin::controller_state() const { return controller_ ? state_of(name_, *controller_) : std::string(); }

void Plugin::restore(const std::string& component_state, const std::string& controller_state) {
  call_plugin(name_, [&] {
    const auto stream = make_object<Stream>(component_state);
    const auto result = component_->setState(stream.get());
    if (result != kResultOk) {
      throw Error(ErrorCode::plugin_failed, fmt::format("'{}' refuses the state ({})", name_, result_name(result)));
    }
    if (!controller_) return;
    stream->rewind();
    controller_->setComponentState(stream.get());
    if (controller_state.empty()) return;
    const auto more = make_object<Stream>(controller_state);
    controller_->setState(more.get());
  });
}

}  // namespace soundalike::vst3
