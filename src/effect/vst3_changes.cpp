#include "effect/vst3_changes.hpp"

#include <algorithm>

namespace soundalike::vst3 {

Steinberg::tresult PLUGIN_API ValueQueue::getPoint(Steinberg::int32 index, Steinberg::int32& offset,
                                                   Steinberg::Vst::ParamValue& value) {
  if (index < 0 || index >= getPointCount()) return Steinberg::kInvalidArgument;
  const Point& point = points_[static_cast<std::size_t>(index)];
  offset = point.offset;
  value = point.value;
  return Steinberg::kResultOk;
}

Steinberg::tresult PLUGIN_API ValueQueue::addPoint(Steinberg::int32 offset, Steinberg::Vst::ParamValue value,
                                                   Steinberg::int32& index) {
  index = getPointCount();
  points_.push_back({offset, value});
  return Steinberg::kResultOk;
}

void ParameterChanges::set(Steinberg::Vst::ParamID id, Steinberg::Vst::ParamValue value) {
  Steinberg::int32 ignored = 0;
  queues_.push_back(make_object<ValueQueue>(id));
  queues_.back()->addPoint(0, value, ignored);
}

Steinberg::Vst::IParamValueQueue* PLUGIN_API ParameterChanges::getParameterData(Steinberg::int32 index) {
  if (index < 0 || index >= getParameterCount()) return nullptr;
  return queues_[static_cast<std::size_t>(index)].get();
}

Steinberg::Vst::IParamValueQueue* PLUGIN_API ParameterChanges::addParameterData(const Steinberg::Vst::ParamID& id,
                                                                                Steinberg::int32& index) {
  const auto found = std::ranges::find_if(queues_, [&](const auto& queue) { return queue->getParameterId() == id; });
  index = static_cast<Steinberg::int32>(found - queues_.begin());
  if (found != queues_.end()) return found->get();
  queues_.push_back(make_object<ValueQueue>(id));
  return queues_.back().get();
}

}  // namespace soundalike::vst3
