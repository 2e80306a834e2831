#include "effect/clap_instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "effect/plugin_call.hpp"
#include "soundalike/error.hpp"

namespace soundalike::clap {
namespace {

std::size_t channels(const Ports& ports) {
  return std::accumulate(ports.outputs.begin(), ports.outputs.end(),
                         std::accumulate(ports.inputs.begin(), ports.inputs.end(), std::size_t{0}));
}

/// A transport that plays from zero: tempo-synchronous effects run at 120 BPM, as in a new project.
clap_event_transport transport(std::int64_t position, double rate) {
  constexpr double beats_per_minute = 120.0;
  constexpr double beats_per_bar = 4.0;
  const double seconds = static_cast<double>(position) / rate;
  const double beats = seconds * beats_per_minute / 60.0;
  const double bar = std::floor(beats / beats_per_bar);
  clap_event_transport event{};
  event.header = {sizeof event, 0, CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_TRANSPORT, 0};
  event.flags = CLAP_TRANSPORT_HAS_TEMPO | CLAP_TRANSPORT_HAS_BEATS_TIMELINE | CLAP_TRANSPORT_HAS_SECONDS_TIMELINE |
                CLAP_TRANSPORT_HAS_TIME_SIGNATURE | CLAP_TRANSPORT_IS_PLAYING;
  event.song_pos_beats = std::llround(beats * CLAP_BEATTIME_FACTOR);
  event.song_pos_seconds = std::llround(seconds * CLAP_SECTIME_FACTOR);
  event.tempo = beats_per_minute;
  event.bar_start = std::llround(bar * beats_per_bar * CLAP_BEATTIME_FACTOR);
  event.bar_number = static_cast<std::int32_t>(bar);
  event.tsig_num = static_cast<std::uint16_t>(beats_per_bar);
  event.tsig_denom = 4;
  return event;
}

using Values = std::vector<clap_event_param_value>;

clap_input_events events_of(const Values& values) {
  return {.ctx = const_cast<Values*>(&values),  // NOLINT: the list is only read
          .size = [](const clap_input_events* list) -> std::uint32_t {
            return static_cast<std::uint32_t>(static_cast<const Values*>(list->ctx)->size());
          },
          .get = [](const clap_input_events* list, std::uint32_t i) -> const clap_event_header* {
            const auto& all = *static_cast<const Values*>(list->ctx);
            return i < all.size() ? &all[i].header : nullptr;
          }};
}

/// What plugins report of their knobs is of no use here.
constexpr clap_output_events nowhere{
    .ctx = nullptr, .try_push = [](const clap_output_events*, const clap_event_header*) { return true; }};

}  // namespace

Instance::Instance(const Library& library, const ClassInfo& info, const RenderSetup& setup, const Ports& ports,
                   std::span<const ParameterValue> values)
    : plugin_(library, info), setup_(setup), ports_(ports), samples_(channels(ports), setup.block_size) {
  call_plugin(plugin_.name(), [&] {
    if (plugin_.ports() != ports_) {
      throw Error(ErrorCode::plugin_failed,
                  fmt::format("cannot start '{}': its ports differ from one instance to the next", plugin_.name()));
    }
    connect();
    for (const ParameterValue& value : values) {
      clap_event_param_value event{};
      event.header = {sizeof event, 0, CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_PARAM_VALUE, 0};
      event.param_id = value.id;
      event.note_id = event.port_index = event.channel = event.key = -1;
      event.value = value.value;
      events_.push_back(event);
    }
    // While it is active, as some set up what depends on the rate at once; then it is activated anew, so that it begins
    // with them; and they come again with the first block, for plugins that heed only what comes with audio.
    const clap_input_events events = events_of(events_);
    const auto* params = plugin_.extension<clap_plugin_params>(CLAP_EXT_PARAMS);
    if (params && params->flush && !events_.empty()) {
      activate();
      params->flush(&plugin_.get(), &events, &nowhere);
      plugin_.get().deactivate(&plugin_.get());
    }
    plugin_.answer_requests();
    plugin_.take_restart();
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

void Instance::connect() {
  std::size_t block = 0;
  const auto wire = [&](const std::vector<std::size_t>& widths, std::vector<std::vector<float*>>& pointers) {
    for (const std::size_t width : widths) {
      auto& port = pointers.emplace_back();
      for (std::size_t c = 0; c < width; ++c) port.push_back(samples_[block++]);
    }
  };
  const auto describe = [](std::vector<std::vector<float*>>& pointers, std::vector<clap_audio_buffer>& buffers) {
    for (auto& port : pointers) {
      buffers.push_back({.data32 = port.data(),
                         .data64 = nullptr,
                         .channel_count = static_cast<std::uint32_t>(port.size()),
                         .latency = 0,
                         .constant_mask = 0});
    }
  };
  wire(ports_.inputs, input_channels_);
  wire(ports_.outputs, output_channels_);
  describe(input_channels_, inputs_);
  describe(output_channels_, outputs_);
}

void Instance::activate() {
  const clap_plugin& plugin = plugin_.get();
  const auto frames = static_cast<std::uint32_t>(setup_.block_size);
  if (plugin.activate(&plugin, setup_.sample_rate.hz, 1, frames)) return;
  throw Error(ErrorCode::plugin_failed,
              fmt::format("cannot start '{}': it refuses {} Hz in blocks of {}; another sample rate may work",
                          plugin_.name(), setup_.sample_rate.hz, setup_.block_size));
}

void Instance::start() {
  activate();
  running_ = true;
  read_latency();
  if (!plugin_.get().start_processing(&plugin_.get())) {
    throw Error(ErrorCode::plugin_failed,
                fmt::format("cannot start '{}': it refuses to begin processing", plugin_.name()));
  }
  position_ = 0;
}

void Instance::stop() {
  running_ = false;
  plugin_.get().stop_processing(&plugin_.get());
  plugin_.get().deactivate(&plugin_.get());
}

void Instance::read_latency() {
  const auto* latency = plugin_.extension<clap_plugin_latency>(CLAP_EXT_LATENCY);
  latency_ = latency ? static_cast<float>(latency->get(&plugin_.get())) : 0.0f;
}

void Instance::run(std::size_t frames) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    for (std::size_t c = i == ports_.main_input ? 2 : 0; c < input_channels_[i].size(); ++c) {
      std::fill_n(input_channels_[i][c], frames, 0.0f);  // silence again, should the plugin have written to it
    }
    inputs_[i].constant_mask = 0;
  }
  for (clap_audio_buffer& output : outputs_) output.constant_mask = 0;
  static const Values none;
  const clap_input_events events = events_of(position_ == 0 ? events_ : none);
  const clap_event_transport time = transport(position_, setup_.sample_rate.hz);
  const clap_process process{
      .steady_time = position_,
      .frames_count = static_cast<std::uint32_t>(frames),
      .transport = &time,
      .audio_inputs = inputs_.data(),
      .audio_outputs = outputs_.data(),
      .audio_inputs_count = static_cast<std::uint32_t>(inputs_.size()),
      .audio_outputs_count = static_cast<std::uint32_t>(outputs_.size()),
      .in_events = &events,
      .out_events = &nowhere,
  };
  call_plugin(plugin_.name(), [&] {
    if (plugin_.get().process(&plugin_.get(), &process) == CLAP_PROCESS_ERROR) {
      throw Error(ErrorCode::plugin_failed,
                  fmt::format("'{}' failed: it reports an error in a block of {} frames", plugin_.name(), frames));
    }
    plugin_.answer_requests();
  });
  position_ += static_cast<std::int64_t>(frames);
}

bool Instance::restarted() {
  if (!plugin_.take_restart()) return false;
  call_plugin(plugin_.name(), [&] {
    stop();
    start();
  });
  return true;
}

}  // namespace soundalike::clap
