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
  append(id).addPoint(0, value, ignored);
}

ValueQueue& ParameterChanges::append(Steinberg::Vst::ParamID id) {
  if (used_ == queues_.size()) queues_.push_back(make_object<ValueQueue>(id));
  ValueQueue& queue = *queues_[used_++];
  queue.restart(id);
  return queue;
}

Steinberg::Vst::IParamValueQueue* PLUGIN_API ParameterChanges::getParameterData(Steinberg::int32 index) {
  if (index < 0 || index >= getParameterCount()) return nullptr;
  return queues_[static_cast<std::size_t>(index)].get();
}

Steinberg::Vst::IParamValueQueue* PLUGIN_API ParameterChanges::addParameterData(const Steinberg::Vst::ParamID& id,
                                                                                Steinberg::int32& index) {
  const auto end = queues_.begin() + static_cast<std::ptrdiff_t>(used_);
  const auto found =
      std::find_if(queues_.begin(), end, [&](const auto& queue) { return queue->getParameterId() == id; });
  index = static_cast<Steinberg::int32>(found - queues_.begin());
  return found != end ? found->get() : &append(id);
}

}  // namespace soundalike::vst3
