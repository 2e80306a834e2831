// What the VST3 test plugins share: a plugin in one object that does nothing special, to be overridden.
#pragma once

#define RELEASE 1
#include <pluginterfaces/base/funknown.h>
#include <pluginterfaces/base/ibstream.h>
#include <pluginterfaces/base/ipluginbase.h>
#include <pluginterfaces/vst/ivstaudioprocessor.h>
#include <pluginterfaces/vst/ivstcomponent.h>
#include <pluginterfaces/vst/ivsteditcontroller.h>
#include <pluginterfaces/vst/ivsthostapplication.h>
#include <pluginterfaces/vst/ivstmessage.h>
#include <pluginterfaces/vst/ivstparameterchanges.h>
#include <pluginterfaces/vst/ivstprocesscontext.h>
#include <pluginterfaces/vst/ivstunits.h>
#include <pluginterfaces/vst/vstspeaker.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace test {

using namespace Steinberg;
using namespace Steinberg::Vst;

/// Does what the module's name says, if it names this callback: "crash-in-process.vst3", "hang-in-initialize.vst3",
/// "throw-in-setActive.vst3".
void misbehave(const char* callback);

struct Knob {
  ParamID id = 0;
  std::string title;
  std::string units{};
  int32 steps = 0;
  double fallback = 0.0;
  int32 flags = ParameterInfo::kCanAutomate;
  /// The plugin's own number, and what it prints; absent: the normalised value.
  std::function<double(double)> plain{};
  std::function<std::string(double)> text{};
  UnitID unit = kRootUnitId;
};

struct Bus {
  SpeakerArrangement speakers;
  BusType type = kMain;
  bool active = false;
};

inline int32 channels_of(SpeakerArrangement speakers) { return __builtin_popcountll(speakers); }
void copy_text(const std::string& from, char16* to, std::size_t size = 128);

/// Counts references.
template <typename First, typename... Rest>
class Counted : public First, public Rest... {
 public:
  virtual ~Counted() = default;
  uint32 PLUGIN_API addRef() override { return ++references_; }
  uint32 PLUGIN_API release() override {
    const uint32 left = --references_;
    if (left == 0) delete this;
    return left;
  }

 private:
  std::atomic<uint32> references_ = 1;
};

class Controller : public IEditController {
 public:
  std::vector<Knob> knobs;
  std::vector<double> shown;  // by index
  IComponentHandler* handler = nullptr;

  const Knob* find(ParamID id) const;
  tresult PLUGIN_API setComponentState(IBStream* state) override;
  int32 PLUGIN_API getParameterCount() override;
  tresult PLUGIN_API getParameterInfo(int32 index, ParameterInfo& info) override;
  tresult PLUGIN_API getParamStringByValue(ParamID id, ParamValue value, String128 text) override;
  tresult PLUGIN_API getParamValueByString(ParamID, TChar*, ParamValue&) override { return kNotImplemented; }
  ParamValue PLUGIN_API normalizedParamToPlain(ParamID id, ParamValue value) override;
  ParamValue PLUGIN_API plainParamToNormalized(ParamID, ParamValue plain) override { return plain; }
  ParamValue PLUGIN_API getParamNormalized(ParamID id) override;
  tresult PLUGIN_API setParamNormalized(ParamID id, ParamValue value) override;
  tresult PLUGIN_API setComponentHandler(IComponentHandler* given) override {
    handler = given;
    return kResultOk;
  }
  IPlugView* PLUGIN_API createView(FIDString) override { return nullptr; }
};

/// A plugin in one object: stereo unless told otherwise, its values as its state.
class Plugin : public Counted<IComponent, IAudioProcessor, Controller> {
 public:
  std::vector<double> values;  // by index, as the processor last had them
  std::vector<Bus> inputs{{SpeakerArr::kStereo}}, outputs{{SpeakerArr::kStereo}};
  bool any_width = true;  // takes mono as well as stereo, the same on both sides
  ProcessSetup setup{};
  FUnknown* host = nullptr;

  void add(Knob knob);
  /// Called with the values up to date.
  virtual void render(ProcessData& data) = 0;
  /// Calls for each channel of the main buses.
  static void each(ProcessData& data, const std::function<void(const float* in, float* out)>& work);

  tresult PLUGIN_API queryInterface(const TUID id, void** object) override;

  tresult PLUGIN_API initialize(FUnknown* context) override;
  tresult PLUGIN_API terminate() override;
  tresult PLUGIN_API getControllerClassId(TUID) override { return kNotImplemented; }
  tresult PLUGIN_API setIoMode(IoMode) override { return kNotImplemented; }
  int32 PLUGIN_API getBusCount(MediaType type, BusDirection direction) override;
  tresult PLUGIN_API getBusInfo(MediaType type, BusDirection direction, int32 index, BusInfo& info) override;
  tresult PLUGIN_API getRoutingInfo(RoutingInfo&, RoutingInfo&) override { return kNotImplemented; }
  tresult PLUGIN_API activateBus(MediaType type, BusDirection direction, int32 index, TBool state) override;
  tresult PLUGIN_API setActive(TBool state) override;
  tresult PLUGIN_API setState(IBStream* state) override;
  tresult PLUGIN_API getState(IBStream* state) override;

  tresult PLUGIN_API setBusArrangements(SpeakerArrangement* in, int32 ins, SpeakerArrangement* out,
                                        int32 outs) override;
  tresult PLUGIN_API getBusArrangement(BusDirection direction, int32 index, SpeakerArrangement& speakers) override;
  tresult PLUGIN_API canProcessSampleSize(int32 size) override {
    return size == kSample32 ? kResultTrue : kResultFalse;
  }
  uint32 PLUGIN_API getLatencySamples() override { return 0; }
  tresult PLUGIN_API setupProcessing(ProcessSetup& given) override;
  tresult PLUGIN_API setProcessing(TBool) override { return kNotImplemented; }
  tresult PLUGIN_API process(ProcessData& data) override;
  uint32 PLUGIN_API getTailSamples() override { return 0; }

  void take(IParameterChanges* changes);
};

}  // namespace test
