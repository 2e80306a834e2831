#pragma once

#include <vector>

#include "effect/vst3_object.hpp"

namespace soundalike::vst3 {

/// The values one parameter takes within a block.
class ValueQueue : public Object<Steinberg::Vst::IParamValueQueue> {
 public:
  explicit ValueQueue(Steinberg::Vst::ParamID id) : id_(id) {}
  /// Empties it, for another parameter.
  void restart(Steinberg::Vst::ParamID id) {
    id_ = id;
    points_.clear();
  }

  Steinberg::Vst::ParamID PLUGIN_API getParameterId() override { return id_; }
  Steinberg::int32 PLUGIN_API getPointCount() override { return static_cast<Steinberg::int32>(points_.size()); }
  Steinberg::tresult PLUGIN_API getPoint(Steinberg::int32 index, Steinberg::int32& offset,
                                         Steinberg::Vst::ParamValue& value) override;
  Steinberg::tresult PLUGIN_API addPoint(Steinberg::int32 offset, Steinberg::Vst::ParamValue value,
                                         Steinberg::int32& index) override;

 private:
  struct Point {
    Steinberg::int32 offset;
    Steinberg::Vst::ParamValue value;
  };
  Steinberg::Vst::ParamID id_;
  std::vector<Point> points_;
};

/// What changes within a block: on the way in our settings, on the way out what a plugin tells of itself.
class ParameterChanges : public Object<Steinberg::Vst::IParameterChanges> {
 public:
  /// From the first frame on; once for each parameter.
  void set(Steinberg::Vst::ParamID id, Steinberg::Vst::ParamValue value);
  void clear() { used_ = 0; }

  Steinberg::int32 PLUGIN_API getParameterCount() override { return static_cast<Steinberg::int32>(used_); }
  Steinberg::Vst::IParamValueQueue* PLUGIN_API getParameterData(Steinberg::int32 index) override;
  Steinberg::Vst::IParamValueQueue* PLUGIN_API addParameterData(const Steinberg::Vst::ParamID& id,
                                                                Steinberg::int32& index) override;

 private:
  ValueQueue& append(Steinberg::Vst::ParamID id);

  std::vector<Handle<ValueQueue>> queues_;  // kept when cleared: plugins tell of themselves in every block
  std::size_t used_ = 0;
};

/// No notes come in, and those that go out are dropped.
class NoEvents : public Object<Steinberg::Vst::IEventList> {
 public:
  Steinberg::int32 PLUGIN_API getEventCount() override { return 0; }
  Steinberg::tresult PLUGIN_API getEvent(Steinberg::int32, Steinberg::Vst::Event&) override {
    return Steinberg::kResultFalse;
  }
  Steinberg::tresult PLUGIN_API addEvent(Steinberg::Vst::Event&) override { return Steinberg::kResultOk; }
};

}  // namespace soundalike::vst3
