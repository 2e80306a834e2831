#include "effect/vst3_instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "effect/plugin_call.hpp"
#include "effect/vst3_text.hpp"
#include "soundalike/error.hpp"

namespace soundalike::vst3 {
namespace {

namespace vst = Steinberg::Vst;
using Steinberg::int32;
using Steinberg::kNotImplemented;
using Steinberg::kResultOk;

std::size_t total(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0});
}

/// A transport that plays from zero: tempo-synchronous effects run at 120 BPM, as in a new project.
vst::ProcessContext transport(std::size_t position, double rate) {
  constexpr double beats_per_minute = 120.0;
  constexpr double beats_per_bar = 4.0;
  vst::ProcessContext context{};
  context.state = vst::ProcessContext::kPlaying | vst::ProcessContext::kTempoValid |
                  vst::ProcessContext::kTimeSigValid | vst::ProcessContext::kProjectTimeMusicValid |
                  vst::ProcessContext::kBarPositionValid | vst::ProcessContext::kContTimeValid;
  context.sampleRate = rate;
  context.projectTimeSamples = static_cast<vst::TSamples>(position);
  context.continousTimeSamples = context.projectTimeSamples;
  context.projectTimeMusic = static_cast<double>(position) / rate * beats_per_minute / 60.0;
  context.barPositionMusic = std::floor(context.projectTimeMusic / beats_per_bar) * beats_per_bar;
  context.tempo = beats_per_minute;
  context.timeSigNumerator = static_cast<int32>(beats_per_bar);
  context.timeSigDenominator = 4;
  return context;
}

}  // namespace

Instance::Instance(const Module& module, const ClassInfo& info, const RenderSetup& setup, const Buses& buses,
                   std::span<const ParameterValue> values)
    : plugin_(module, info),
      setup_(setup),
      buses_(buses),
      samples_(total(buses.inputs) + total(buses.outputs), setup.block_size) {
  if (arrange_buses(plugin_, setup.channels) != buses_) {
    throw Error(ErrorCode::plugin_failed,
                fmt::format("cannot start '{}': its buses differ from one instance to the next", plugin_.name()));
  }
  connect_buses();
  call_plugin(plugin_.name(), [&] {
    for (const ParameterValue& value : values) {
      if (plugin_.controller()) plugin_.controller()->setParamNormalized(value.id, value.value);
      changes_->set(value.id, value.value);
    }
    vst::ProcessSetup process{vst::kOffline, vst::kSample32, static_cast<int32>(setup.block_size),
                              setup.sample_rate.hz};
    const auto result = plugin_.processor().setupProcessing(process);
    if (result != kResultOk && result != kNotImplemented) {
      throw Error(ErrorCode::plugin_failed,
                  fmt::format("cannot start '{}': it refuses {} Hz in blocks of {} ({}); another sample rate may work",
                              plugin_.name(), setup.sample_rate.hz, setup.block_size, result_name(result)));
    }
    start();
  });
}

Instance::~Instance() {
  const FlushToZero flush;
  try {
    if (running_) stop();
  } catch (...) {  // NOLINT: the output is complete
  }
}

void Instance::start() {
  plugin_.handler().take_restart(vst::kLatencyChanged);
  const auto result = plugin_.component().setActive(true);
  if (result != kResultOk && result != kNotImplemented) {
    throw Error(ErrorCode::plugin_failed,
                fmt::format("cannot start '{}': it cannot be activated ({})", plugin_.name(), result_name(result)));
  }
  running_ = true;
  plugin_.processor().setProcessing(true);  // many have nothing to do here and say so
  position_ = 0;
}

void Instance::stop() {
  running_ = false;
  plugin_.processor().setProcessing(false);
  plugin_.component().setActive(false);
}

void Instance::connect_buses() {
  std::size_t block = 0;
  const auto lay_out = [&](const std::vector<std::size_t>& widths, std::vector<std::vector<float*>>& pointers) {
    for (const std::size_t width : widths) {
      pointers.emplace_back();
      for (std::size_t c = 0; c < width; ++c) pointers.back().push_back(samples_[block++]);
    }
  };
  lay_out(buses_.inputs, input_pointers_);
  lay_out(buses_.outputs, output_pointers_);
  const auto wire = [](std::vector<std::vector<float*>>& pointers, std::vector<vst::AudioBusBuffers>& buses) {
    for (auto& channels : pointers) {
      vst::AudioBusBuffers bus;
      bus.numChannels = static_cast<int32>(channels.size());
      bus.channelBuffers32 = channels.data();
      buses.push_back(bus);
    }
  };
  wire(input_pointers_, inputs_);
  wire(output_pointers_, outputs_);
}

void Instance::run(std::size_t frames) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (i == buses_.main_input) continue;
    // Silence again, should the plugin have written to it.
    for (float* channel : input_pointers_[i]) std::fill_n(channel, frames, 0.0f);
    inputs_[i].silenceFlags = inputs_[i].numChannels >= 64 ? ~0ull : (1ull << inputs_[i].numChannels) - 1;
  }
  for (vst::AudioBusBuffers& bus : outputs_) bus.silenceFlags = 0;
  reported_->clear();
  vst::ProcessContext context = transport(position_, setup_.sample_rate.hz);
  vst::ProcessData data;
  data.processMode = vst::kOffline;
  data.symbolicSampleSize = vst::kSample32;
  data.numSamples = static_cast<int32>(frames);
  data.numInputs = static_cast<int32>(inputs_.size());
  data.numOutputs = static_cast<int32>(outputs_.size());
  data.inputs = inputs_.data();
  data.outputs = outputs_.data();
  data.inputParameterChanges = position_ == 0 ? changes_.get() : none_.get();
  data.outputParameterChanges = reported_.get();
  data.inputEvents = no_events_.get();
  data.outputEvents = no_events_.get();
  data.processContext = &context;
  const auto result = call_plugin(plugin_.name(), [&] { return plugin_.processor().process(data); });
  if (result != kResultOk && result != Steinberg::kResultFalse) {
    throw Error(ErrorCode::plugin_failed,
                fmt::format("'{}' failed: it does not process ({})", plugin_.name(), result_name(result)));
  }
  // A plugin may say "silent" and write nothing.
  const std::size_t main = buses_.main_output;
  for (std::size_t c = 0; c < output_pointers_[main].size(); ++c) {
    if ((outputs_[main].silenceFlags >> c & 1) != 0) std::fill_n(output_pointers_[main][c], frames, 0.0f);
  }
  position_ += frames;
}

bool Instance::restarted() {
  if (!plugin_.handler().take_restart(vst::kLatencyChanged)) return false;
  call_plugin(plugin_.name(), [&] {
    stop();
    start();
  });
  return true;
}

float Instance::reported_latency() const {
  return call_plugin(plugin_.name(), [&] { return static_cast<float>(plugin_.processor().getLatencySamples()); });
}

}  // namespace soundalike::vst3
