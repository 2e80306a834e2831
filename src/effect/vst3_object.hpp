#pragma once

#include <atomic>
#include <cstring>
#include <utility>

#include "effect/vst3_sdk.hpp"

namespace soundalike::vst3 {

/// The 16 bytes that name an interface. The SDK has them beside its classes, not in them.
template <typename Interface>
struct InterfaceId;

#define SOUNDALIKE_VST3_INTERFACE(space, name)                          \
  template <>                                                           \
  struct InterfaceId<space::name> {                                     \
    static const Steinberg::TUID& value() { return space::name##_iid; } \
  }
SOUNDALIKE_VST3_INTERFACE(Steinberg, FUnknown);
SOUNDALIKE_VST3_INTERFACE(Steinberg, IBStream);
SOUNDALIKE_VST3_INTERFACE(Steinberg, ISizeableStream);
SOUNDALIKE_VST3_INTERFACE(Steinberg, IPluginFactory);
SOUNDALIKE_VST3_INTERFACE(Steinberg, IPluginFactory2);
SOUNDALIKE_VST3_INTERFACE(Steinberg, IPluginFactory3);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IAttributeList);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IAudioProcessor);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IComponent);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IComponentHandler);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IConnectionPoint);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IEditController);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IEventList);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IHostApplication);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IMessage);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IMidiMapping);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IParameterChanges);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IParamValueQueue);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IPlugInterfaceSupport);
SOUNDALIKE_VST3_INTERFACE(Steinberg::Vst, IUnitInfo);
#undef SOUNDALIKE_VST3_INTERFACE

inline bool same_id(const void* a, const void* b) { return std::memcmp(a, b, sizeof(Steinberg::TUID)) == 0; }

/// Shares an object that counts its references.
template <typename Interface>
class Handle {
 public:
  Handle() = default;
  /// Takes over a reference that the caller was given.
  static Handle adopt(Interface* object) {
    Handle handle;
    handle.object_ = object;
    return handle;
  }
  /// Another reference.
  static Handle share(Interface* object) {
    if (object) object->addRef();
    return adopt(object);
  }
  Handle(const Handle& other) : Handle(share(other.object_)) {}
  Handle(Handle&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Handle& operator=(Handle other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Handle() {
    if (object_) object_->release();
  }
  Interface* get() const { return object_; }
  Interface* operator->() const { return object_; }
  Interface& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  Interface* object_ = nullptr;
};

/// The object under another of its interfaces; none where it lacks it.
template <typename Interface>
Handle<Interface> query(Steinberg::FUnknown* object) {
  void* found = nullptr;
  if (!object || object->queryInterface(InterfaceId<Interface>::value(), &found) != Steinberg::kResultOk) return {};
  return Handle<Interface>::adopt(static_cast<Interface*>(found));
}

// The interfaces have no virtual destructor: objects go by release().
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
/// A counted object of ours with these interfaces; made by make_object().
template <typename First, typename... Rest>
class Object : public First, public Rest... {
 public:
  Object() = default;
  virtual ~Object() = default;
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  Steinberg::tresult PLUGIN_API queryInterface(const Steinberg::TUID id, void** object) override {
    *object = nullptr;
    if (same_id(id, InterfaceId<Steinberg::FUnknown>::value())) *object = static_cast<First*>(this);
    offer<First>(id, object);
    (offer<Rest>(id, object), ...);
    if (!*object) return Steinberg::kNoInterface;
    addRef();
    return Steinberg::kResultOk;
  }
  Steinberg::uint32 PLUGIN_API addRef() override { return ++references_; }
  Steinberg::uint32 PLUGIN_API release() override {
    const Steinberg::uint32 left = --references_;
    if (left == 0) delete this;
    return left;
  }

 private:
  template <typename Interface>
  void offer(const void* id, void** object) {
    if (same_id(id, InterfaceId<Interface>::value())) *object = static_cast<Interface*>(this);
  }
  std::atomic<Steinberg::uint32> references_ = 1;
};

#pragma GCC diagnostic pop

template <typename Class, typename... Arguments>
Handle<Class> make_object(Arguments&&... arguments) {
  return Handle<Class>::adopt(new Class(std::forward<Arguments>(arguments)...));
}

}  // namespace soundalike::vst3
