// Plugins that sound, or write as samples what the host told them.
#include <cstdio>

#include "plugins.hpp"

namespace test {
namespace {

double decibels(double x) { return -60.0 + 72.0 * x; }
std::string printed(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// Gain in decibels, by its own mapping; a bypass under a foreign name.
class Gain : public Plugin {
 public:
  Gain() {
    add({.id = 7, .title = "Gain", .units = "dB", .fallback = 60.0 / 72.0, .plain = decibels, .text = [](double x) {
           return printed("%.1f", decibels(x));
         }});
    add({.id = 9,
         .title = "Umgehen",
         .steps = 1,
         .fallback = 0.0,
         .flags = ParameterInfo::kCanAutomate | ParameterInfo::kIsBypass});
  }
  void render(ProcessData& data) override {
    const auto gain = static_cast<float>(values[1] >= 0.5 ? 1.0 : std::pow(10.0, decibels(values[0]) / 20.0));
    each(data, [&](const float* in, float* out) {
      for (int32 i = 0; i < data.numSamples; ++i) out[i] = gain * in[i];
    });
  }
};

/// Sample i is the value of parameter i, as it arrived.
class Values : public Plugin {
 public:
  void render(ProcessData& data) override {
    each(data, [&](const float*, float* out) {
      for (int32 i = 0; i < data.numSamples; ++i) {
        out[i] = static_cast<std::size_t>(i) < values.size() ? static_cast<float>(values[static_cast<std::size_t>(i)])
                                                             : 0.0f;
      }
    });
  }
};

/// One of each kind of parameter.
class Knobs : public Values {
 public:
  Knobs() {
    const auto none = [](double) { return std::string(); };
    add({.id = 100, .title = "Cutoff", .units = "Hz", .fallback = 0.5, .plain = [](double x) {
           return 20.0 * std::pow(1000.0, x);
         }});
    add({.id = 101, .title = "Printed Mix", .units = "%", .fallback = 0.25, .text = [](double x) {
           return printed("%.1f %%", 100.0 * x);
         }});
    add({.id = 102, .title = "Printed Time", .fallback = 0.0, .text = [](double x) {
           return printed("%.4g ms", 1.0 * std::pow(2000.0, x));
         }});
    add({.id = 103, .title = "Curve", .fallback = 0.5, .text = [](double x) {
           return x == 0.0 ? std::string("-inf") : printed("%.3f", 20.0 * std::log10(x));
         }});
    add({.id = 104,
         .title = "Voices",
         .steps = 7,
         .fallback = 3.0 / 7.0,
         .plain = [](double x) { return 1 + 7 * x; },
         .text = [](double x) { return printed("%.0f", std::round(1 + 7 * x)); }});
    add({.id = 105,
         .title = "Shape",
         .steps = 2,
         .fallback = 0.5,
         .flags = ParameterInfo::kCanAutomate | ParameterInfo::kIsList,
         .text = [](double x) {
           return std::string(x < 0.25 ? "Sine" : x < 0.75 ? "Square" : "Saw");
         }});
    add({.id = 106, .title = "Hold", .steps = 1, .fallback = 1.0, .text = [](double x) {
           return std::string(x < 0.5 ? "Off" : "On");
         }});
    add({.id = 107, .title = "Filter", .steps = 1, .fallback = 0.0, .text = [](double x) {
           return std::string(x < 0.5 ? "Low-pass" : "High-pass");
         }});
    add({.id = 108, .title = "Level", .flags = ParameterInfo::kIsReadOnly});
    add({.id = 109, .title = "Secret", .flags = ParameterInfo::kIsHidden | ParameterInfo::kIsReadOnly});
    add({.id = 110, .title = "Program", .steps = 3, .flags = ParameterInfo::kIsProgramChange});
    add({.id = 111, .title = "Quality", .fallback = 1.0, .flags = 0, .text = none});
    add({.id = 112, .title = "Gain", .fallback = 0.5});
    add({.id = 113, .title = "Gain", .fallback = 0.25});
    add({.id = 114, .title = "", .fallback = 2.0});
  }
};

class Many : public Values {
 public:
  Many() {
    for (ParamID i = 0; i < 500; ++i) {
      add({.id = 1000 + 3 * i, .title = "Knob " + std::to_string(i), .fallback = 0.5});
    }
  }
};

/// Adds its side chain tenfold; a constant where the host has not switched it on.
class SideChain : public Plugin {
 public:
  SideChain() { inputs.push_back({SpeakerArr::kMono, kAux}); }
  void render(ProcessData& data) override {
    const float* side = inputs[1].active ? data.inputs[1].channelBuffers32[0] : nullptr;
    each(data, [&](const float* in, float* out) {
      for (int32 i = 0; i < data.numSamples; ++i) out[i] = in[i] + (side ? 10.0f * side[i] : 1.0f);
    });
    if (side) std::fill_n(data.inputs[1].channelBuffers32[0], data.numSamples, 0.5f);  // a plugin that scribbles
  }
};

/// Delays by its parameter, and says so only when it has run.
class Latency : public Plugin {
 public:
  Latency() {
    add({.id = 1, .title = "Delay", .fallback = 0.25, .plain = [](double x) { return 400.0 * x; }});
  }
  uint32 PLUGIN_API getLatencySamples() override { return delay_; }
  tresult PLUGIN_API setActive(TBool state) override {
    lines_[0].assign(400, 0.0f);
    lines_[1].assign(400, 0.0f);
    at_ = 0;
    return Plugin::setActive(state);
  }
  void render(ProcessData& data) override {
    const auto wanted = static_cast<uint32>(std::lround(400.0 * values[0]));
    if (wanted != delay_ && handler) {
      delay_ = wanted;
      handler->restartComponent(kLatencyChanged);
    }
    for (int32 i = 0; i < data.numSamples; ++i, ++at_) {
      for (std::size_t c = 0; c < static_cast<std::size_t>(data.outputs[0].numChannels); ++c) {
        lines_[c][at_ % 400] = data.inputs[0].channelBuffers32[c][i];
        data.outputs[0].channelBuffers32[c][i] = delay_ < 400 ? lines_[c][(at_ + 400 - delay_) % 400] : 0.0f;
      }
    }
  }

 private:
  uint32 delay_ = 0;
  std::size_t at_ = 0;
  std::vector<float> lines_[2];
};

/// Processing mode, tempo, and the song position in frames and quarter notes, in the first four samples of a block.
class Transport : public Plugin {
 public:
  void render(ProcessData& data) override {
    const ProcessContext& context = *data.processContext;
    const float told[] = {static_cast<float>(data.processMode + 10 * setup.processMode),
                          static_cast<float>(context.tempo), static_cast<float>(context.projectTimeSamples),
                          static_cast<float>(context.projectTimeMusic)};
    each(data, [&](const float*, float* out) {
      for (int32 i = 0; i < data.numSamples; ++i) out[i] = i < 4 ? told[i] : 0.0f;
    });
  }
};

/// Calls its output silent and leaves rubbish there.
class Silent : public Plugin {
 public:
  void render(ProcessData& data) override {
    each(data, [&](const float*, float* out) { std::fill_n(out, data.numSamples, 0.25f); });
    data.outputs[0].silenceFlags = 3;
  }
};

/// A component and a controller that must be connected: it multiplies by what the controller answers, 0.5.
class SplitController : public Counted<Controller, IConnectionPoint> {
 public:
  SplitController() {
    knobs.push_back({.id = 5, .title = "Gain", .fallback = 0.5});
    shown.push_back(0.5);
  }
  tresult PLUGIN_API queryInterface(const TUID id, void** object) override {
    *object = nullptr;
    if (!std::memcmp(id, IEditController_iid, 16) || !std::memcmp(id, FUnknown_iid, 16)) {
      *object = static_cast<IEditController*>(this);
    } else if (!std::memcmp(id, IConnectionPoint_iid, 16)) {
      *object = static_cast<IConnectionPoint*>(this);
    } else {
      return kNoInterface;
    }
    addRef();
    return kResultOk;
  }
  tresult PLUGIN_API initialize(FUnknown*) override { return kResultOk; }
  tresult PLUGIN_API terminate() override { return kResultOk; }
  tresult PLUGIN_API setState(IBStream*) override { return kResultOk; }
  tresult PLUGIN_API getState(IBStream*) override { return kNotImplemented; }
  tresult PLUGIN_API setComponentState(IBStream* state) override {
    double value = 0.0;
    int32 done = 0;
    state->read(&value, sizeof value, &done);
    if (done == sizeof value) shown[0] = value;
    return kResultOk;
  }
  tresult PLUGIN_API connect(IConnectionPoint* other) override {
    other_ = other;
    return kResultOk;
  }
  tresult PLUGIN_API disconnect(IConnectionPoint*) override {
    other_ = nullptr;
    return kResultOk;
  }
  tresult PLUGIN_API notify(IMessage* message) override {
    if (std::strcmp(message->getMessageID(), "question") != 0 || !other_) return kResultFalse;
    message->setMessageID("answer");
    message->getAttributes()->setFloat("factor", 0.5);
    return other_->notify(message);
  }

 private:
  IConnectionPoint* other_ = nullptr;
};

class Split : public Plugin, public IConnectionPoint {
 public:
  Split() { add({.id = 5, .title = "Gain", .fallback = 0.5}); }
  uint32 PLUGIN_API addRef() override { return Plugin::addRef(); }
  uint32 PLUGIN_API release() override { return Plugin::release(); }
  tresult PLUGIN_API queryInterface(const TUID id, void** object) override {
    if (!std::memcmp(id, IConnectionPoint_iid, 16)) {
      *object = static_cast<IConnectionPoint*>(this);
      addRef();
      return kResultOk;
    }
    *object = nullptr;
    return std::memcmp(id, IEditController_iid, 16) ? Plugin::queryInterface(id, object) : kNoInterface;
  }
  tresult PLUGIN_API getControllerClassId(TUID id) override {
    char name[16] = "split-control";
    std::memcpy(id, name, sizeof name);
    return kResultOk;
  }
  tresult PLUGIN_API connect(IConnectionPoint* other) override {
    other_ = other;
    return kResultOk;
  }
  tresult PLUGIN_API disconnect(IConnectionPoint*) override {
    other_ = nullptr;
    return kResultOk;
  }
  tresult PLUGIN_API notify(IMessage* message) override {
    return message->getAttributes()->getFloat("factor", factor_);
  }
  tresult PLUGIN_API setActive(TBool state) override {
    void* made = nullptr;
    IHostApplication* application = nullptr;
    host->queryInterface(IHostApplication_iid, reinterpret_cast<void**>(&application));
    TUID id;
    std::memcpy(id, IMessage_iid, sizeof id);
    if (application && other_ && application->createInstance(id, id, &made) == kResultOk) {
      auto* message = static_cast<IMessage*>(made);
      message->setMessageID("question");
      other_->notify(message);
      message->release();
    }
    if (application) application->release();
    return Plugin::setActive(state);
  }
  void render(ProcessData& data) override {
    const auto gain = static_cast<float>(factor_ * values[0]);
    each(data, [&](const float* in, float* out) {
      for (int32 i = 0; i < data.numSamples; ++i) out[i] = gain * in[i];
    });
  }

 private:
  IConnectionPoint* other_ = nullptr;
  double factor_ = 0.0;
};

}  // namespace

void append_sound(std::vector<Entry>& table) {
  table.push_back(entry<Gain>("gain", "Fx|Tools|Stereo"));
  table.push_back(entry<Knobs>("knobs"));
  table.push_back(entry<Many>("many"));
  table.push_back(entry<SideChain>("side-chain", "Fx|Dynamics"));
  table.push_back(entry<Latency>("latency", "Fx|Delay"));
  table.push_back(entry<Transport>("transport"));
  table.push_back(entry<Silent>("silent-flag"));
  table.push_back({"split", "Fx|Tools", [] { return static_cast<FUnknown*>(static_cast<IComponent*>(new Split)); }});
  table.push_back({"split-control", "",
                   [] { return static_cast<FUnknown*>(static_cast<IEditController*>(new SplitController)); },
                   kVstComponentControllerClass});
}

}  // namespace test
