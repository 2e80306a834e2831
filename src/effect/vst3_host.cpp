#include "effect/vst3_host.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "effect/vst3_message.hpp"

namespace soundalike::vst3 {

using Steinberg::kResultFalse;
using Steinberg::kResultTrue;

Steinberg::tresult PLUGIN_API HostApplication::getName(Steinberg::Vst::String128 name) {
  constexpr std::u16string_view text = u"soundalike";
  *std::ranges::copy(text, name).out = 0;
  return kResultTrue;
}

Steinberg::tresult PLUGIN_API HostApplication::createInstance(Steinberg::TUID class_id, Steinberg::TUID id,
                                                              void** object) {
  *object = nullptr;
  if (same_id(class_id, InterfaceId<Steinberg::Vst::IMessage>::value())) {
    return make_object<Message>()->queryInterface(id, object);
  }
  if (same_id(class_id, InterfaceId<Steinberg::Vst::IAttributeList>::value())) {
    return make_object<AttributeList>()->queryInterface(id, object);
  }
  return kResultFalse;
}

Steinberg::tresult PLUGIN_API HostApplication::isPlugInterfaceSupported(const Steinberg::TUID id) {
  using namespace Steinberg::Vst;
  const std::array<const void*, 6> used{&InterfaceId<IComponent>::value(),      &InterfaceId<IAudioProcessor>::value(),
                                        &InterfaceId<IEditController>::value(), &InterfaceId<IConnectionPoint>::value(),
                                        &InterfaceId<IUnitInfo>::value(),       &InterfaceId<IMessage>::value()};
  return std::ranges::any_of(used, [&](const void* known) { return same_id(known, id); }) ? kResultTrue : kResultFalse;
}

bool ComponentHandler::take_restart(Steinberg::int32 flag) { return (restarts_.fetch_and(~flag) & flag) != 0; }

Steinberg::tresult PLUGIN_API ComponentHandler::restartComponent(Steinberg::int32 flags) {
  restarts_ |= flags;
  return Steinberg::kResultOk;
}

}  // namespace soundalike::vst3
