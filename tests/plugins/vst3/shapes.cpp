// Plugins with other buses than stereo in and out, and some that are no effects.
#include "plugins.hpp"

namespace test {
namespace {

/// The first channel of its input on all outputs, the second subtracted where there is one.
class Plain : public Plugin {
 public:
  Plain(SpeakerArrangement in, SpeakerArrangement out) {
    inputs = {{in}};
    outputs = {{out}};
    any_width = false;
  }
  void render(ProcessData& data) override {
    for (int32 c = 0; c < data.outputs[0].numChannels; ++c) {
      for (int32 i = 0; i < data.numSamples; ++i) {
        const AudioBusBuffers& in = data.inputs[0];
        const float second = in.numChannels > 1 ? in.channelBuffers32[1][i] : 0.0f;
        data.outputs[0].channelBuffers32[c][i] =
            in.channelBuffers32[0][i] - 0.5f * second + static_cast<float>(c) * 0.125f;
      }
    }
  }
};

struct MonoOnly : Plain {
  MonoOnly() : Plain(SpeakerArr::kMono, SpeakerArr::kMono) {}
};
struct StereoOnly : Plain {
  StereoOnly() : Plain(SpeakerArr::kStereo, SpeakerArr::kStereo) {}
};
struct MonoToStereo : Plain {
  MonoToStereo() : Plain(SpeakerArr::kMono, SpeakerArr::kStereo) {}
};
struct StereoToMono : Plain {
  StereoToMono() : Plain(SpeakerArr::kStereo, SpeakerArr::kMono) {}
};
struct Surround : Plain {
  Surround() : Plain(SpeakerArr::k51, SpeakerArr::k51) {}
};
/// Comes up with six channels, does two when asked.
struct Folds : Plain {
  Folds() : Plain(SpeakerArr::k51, SpeakerArr::k51) { any_width = true; }
};
struct TwoOutputs : Plain {
  TwoOutputs() : Plain(SpeakerArr::kStereo, SpeakerArr::kStereo) { outputs.push_back({SpeakerArr::kStereo, kAux}); }
};
struct Instrument : Plain {
  Instrument() : Plain(SpeakerArr::kStereo, SpeakerArr::kStereo) { inputs.clear(); }
};
struct Analyser : Plain {
  Analyser() : Plain(SpeakerArr::kStereo, SpeakerArr::kStereo) { outputs.clear(); }
};
struct DoubleOnly : Plain {
  DoubleOnly() : Plain(SpeakerArr::kStereo, SpeakerArr::kStereo) {}
  tresult PLUGIN_API canProcessSampleSize(int32 size) override {
    return size == kSample64 ? kResultTrue : kResultFalse;
  }
};

}  // namespace

void append_shapes(std::vector<Entry>& table) {
  table.push_back(entry<MonoOnly>("mono"));
  table.push_back(entry<StereoOnly>("stereo"));
  table.push_back(entry<MonoToStereo>("mono-to-stereo"));
  table.push_back(entry<StereoToMono>("stereo-to-mono"));
  table.push_back(entry<Surround>("surround"));
  table.push_back(entry<Folds>("folds"));
  table.push_back(entry<TwoOutputs>("two-outputs"));
  table.push_back(entry<Instrument>("instrument", "Instrument|Synth"));
  table.push_back(entry<Instrument>("generator", "Fx|Generator"));
  table.push_back(entry<Analyser>("analyser", "Fx|Analyzer"));
  table.push_back(entry<DoubleOnly>("double-only"));
}

}  // namespace test
