#include "base.hpp"

namespace test {
namespace {

bool same(const void* a, const void* b) { return std::memcmp(a, b, sizeof(TUID)) == 0; }

}  // namespace

void copy_text(const std::string& from, char16* to, std::size_t size) {
  std::size_t i = 0;
  for (; i + 1 < size && i < from.size(); ++i) to[i] = static_cast<unsigned char>(from[i]);
  to[i] = 0;
}

const Knob* Controller::find(ParamID id) const {
  for (const Knob& knob : knobs) {
    if (knob.id == id) return &knob;
  }
  return nullptr;
}

tresult PLUGIN_API Controller::setComponentState(IBStream*) { return kResultOk; }

int32 PLUGIN_API Controller::getParameterCount() {
  misbehave("getParameterCount");
  return static_cast<int32>(knobs.size());
}

tresult PLUGIN_API Controller::getParameterInfo(int32 index, ParameterInfo& info) {
  misbehave("getParameterInfo");
  if (index < 0 || index >= static_cast<int32>(knobs.size())) return kInvalidArgument;
  const Knob& knob = knobs[static_cast<std::size_t>(index)];
  info = {};
  info.id = knob.id;
  copy_text(knob.title, info.title);
  copy_text(knob.units, info.units);
  info.stepCount = knob.steps;
  info.defaultNormalizedValue = knob.fallback;
  info.unitId = knob.unit;
  info.flags = knob.flags;
  return kResultOk;
}

tresult PLUGIN_API Controller::getParamStringByValue(ParamID id, ParamValue value, String128 text) {
  misbehave("getParamStringByValue");
  const Knob* knob = find(id);
  if (!knob || !knob->text) return kResultFalse;
  copy_text(knob->text(value), text);
  return kResultOk;
}

ParamValue PLUGIN_API Controller::normalizedParamToPlain(ParamID id, ParamValue value) {
  const Knob* knob = find(id);
  return knob && knob->plain ? knob->plain(value) : value;
}

ParamValue PLUGIN_API Controller::getParamNormalized(ParamID id) {
  for (std::size_t i = 0; i < knobs.size(); ++i) {
    if (knobs[i].id == id) return shown[i];
  }
  return 0.0;
}

tresult PLUGIN_API Controller::setParamNormalized(ParamID id, ParamValue value) {
  misbehave("setParamNormalized");
  for (std::size_t i = 0; i < knobs.size(); ++i) {
    if (knobs[i].id == id) shown[i] = value;
  }
  return kResultOk;
}

void Plugin::add(Knob knob) {
  values.push_back(knob.fallback);
  shown.push_back(knob.fallback);
  knobs.push_back(std::move(knob));
}

tresult PLUGIN_API Plugin::queryInterface(const TUID id, void** object) {
  *object = nullptr;
  if (same(id, FUnknown_iid) || same(id, IComponent_iid) || same(id, IPluginBase_iid)) {
    *object = static_cast<IComponent*>(this);
  } else if (same(id, IAudioProcessor_iid)) {
    *object = static_cast<IAudioProcessor*>(this);
  } else if (same(id, IEditController_iid)) {
    *object = static_cast<IEditController*>(this);
  } else {
    return kNoInterface;
  }
  addRef();
  return kResultOk;
}

tresult PLUGIN_API Plugin::initialize(FUnknown* context) {
  misbehave("initialize");
  host = context;
  return kResultOk;
}

tresult PLUGIN_API Plugin::terminate() {
  misbehave("terminate");
  return kResultOk;
}

int32 PLUGIN_API Plugin::getBusCount(MediaType type, BusDirection direction) {
  if (type != kAudio) return 0;
  return static_cast<int32>((direction == kInput ? inputs : outputs).size());
}

tresult PLUGIN_API Plugin::getBusInfo(MediaType type, BusDirection direction, int32 index, BusInfo& info) {
  misbehave("getBusInfo");
  if (index < 0 || index >= getBusCount(type, direction)) return kInvalidArgument;
  const Bus& bus = (direction == kInput ? inputs : outputs)[static_cast<std::size_t>(index)];
  info = {};
  info.mediaType = type;
  info.direction = direction;
  info.channelCount = channels_of(bus.speakers);
  info.busType = bus.type;
  info.flags = bus.type == kMain ? BusInfo::kDefaultActive : 0;
  return kResultOk;
}

tresult PLUGIN_API Plugin::activateBus(MediaType type, BusDirection direction, int32 index, TBool state) {
  misbehave("activateBus");
  if (index < 0 || index >= getBusCount(type, direction)) return kInvalidArgument;
  (direction == kInput ? inputs : outputs)[static_cast<std::size_t>(index)].active = state != 0;
  return kResultOk;
}

tresult PLUGIN_API Plugin::setActive(TBool) {
  misbehave("setActive");
  return kResultOk;
}

tresult PLUGIN_API Plugin::setState(IBStream* state) {
  misbehave("setState");
  std::vector<double> read(values.size());
  int32 done = 0;
  const auto size = static_cast<int32>(read.size() * sizeof(double));
  state->read(read.data(), size, &done);
  if (done != size) return kResultFalse;
  values = shown = read;
  return kResultOk;
}

tresult PLUGIN_API Plugin::getState(IBStream* state) {
  misbehave("getState");
  return state->write(values.data(), static_cast<int32>(values.size() * sizeof(double)), nullptr);
}

tresult PLUGIN_API Plugin::setBusArrangements(SpeakerArrangement* in, int32 ins, SpeakerArrangement* out, int32 outs) {
  misbehave("setBusArrangements");
  if (ins != getBusCount(kAudio, kInput) || outs != getBusCount(kAudio, kOutput)) return kResultFalse;
  if (ins == 0 || outs == 0) return kResultFalse;
  if (in[0] == inputs[0].speakers && out[0] == outputs[0].speakers) return kResultTrue;
  if (!any_width || in[0] != out[0] || channels_of(in[0]) > 2) return kResultFalse;
  inputs[0].speakers = in[0];
  outputs[0].speakers = out[0];
  return kResultTrue;
}

tresult PLUGIN_API Plugin::getBusArrangement(BusDirection direction, int32 index, SpeakerArrangement& speakers) {
  if (index < 0 || index >= getBusCount(kAudio, direction)) return kInvalidArgument;
  speakers = (direction == kInput ? inputs : outputs)[static_cast<std::size_t>(index)].speakers;
  return kResultTrue;
}

tresult PLUGIN_API Plugin::setupProcessing(ProcessSetup& given) {
  misbehave("setupProcessing");
  setup = given;
  return kResultOk;
}

void Plugin::take(IParameterChanges* changes) {
  if (!changes) return;
  for (int32 q = 0; q < changes->getParameterCount(); ++q) {
    IParamValueQueue* queue = changes->getParameterData(q);
    int32 offset = 0;
    double value = 0.0;
    if (queue->getPoint(queue->getPointCount() - 1, offset, value) != kResultOk) continue;
    for (std::size_t i = 0; i < knobs.size(); ++i) {
      if (knobs[i].id == queue->getParameterId()) values[i] = value;
    }
  }
}

tresult PLUGIN_API Plugin::process(ProcessData& data) {
  misbehave("process");
  take(data.inputParameterChanges);
  render(data);
  return kResultOk;
}

void Plugin::each(ProcessData& data, const std::function<void(const float* in, float* out)>& work) {
  for (int32 c = 0; c < data.outputs[0].numChannels; ++c) {
    const int32 from = c < data.inputs[0].numChannels ? c : 0;
    work(data.inputs[0].channelBuffers32[from], data.outputs[0].channelBuffers32[c]);
  }
}

}  // namespace test
