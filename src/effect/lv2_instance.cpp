#include "effect/lv2_instance.hpp"

#include <fmt/format.h>
#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/event/event.h>

#include <cstring>
#include <mutex>

#include "effect/flush_to_zero.hpp"
#include "effect/lv2_features.hpp"
#include "effect/lv2_world.hpp"
#include "effect/plugin_call.hpp"
#include "effect/quirks.hpp"
#include "effect/sample_blocks.hpp"
#include "soundalike/error.hpp"

// Old plugins know only what LV2 has deprecated since.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace soundalike {
namespace {

bool is_audio(Lv2PortRole role) {
  return role == Lv2PortRole::audio_input || role == Lv2PortRole::audio_output || role == Lv2PortRole::silent_input ||
         role == Lv2PortRole::ignored_output;
}

std::size_t audio_ports(const Lv2Model& model) {
  std::size_t count = 0;
  for (const Lv2Port& port : model.ports) count += is_audio(port.role);
  return count;
}

/// A value close by, for knobs that react to a change only.
float nudged(const Parameter& p, float plain) {
  const float step = (p.maximum - p.minimum) * 1e-3f;
  return plain + step <= p.maximum ? plain + step : plain - step;
}

}  // namespace

struct Lv2Instance::State {
  const Lv2Plugin& plugin;
  const LV2_Descriptor& descriptor;
  Lv2Features features;
  SampleBlocks samples;
  std::vector<float> controls;                        // by port index
  std::vector<std::vector<std::uint64_t>> sequences;  // by port index; empty where there is none
  std::vector<LV2_Event_Buffer> events;               // by port index
  std::vector<const Lv2Port*> sequence_ports;         // those whose buffers are reset before every run
  std::size_t latency_port = 0;
  bool has_latency = false;
  LV2_Handle handle = nullptr;
  bool active = false;

  explicit State(const Lv2Plugin& p)
      : plugin(p),
        descriptor(*static_cast<const LV2_Descriptor*>(p.descriptor)),
        features(p.setup, p.model.whole_blocks),
        samples(audio_ports(p.model), p.setup.block_size),
        controls(p.model.ports.size()),
        sequences(p.model.ports.size()),
        events(p.model.ports.size()) {}

  ~State() {
    if (!handle) return;
    const FlushToZero flush;
    try {
      if (active && descriptor.deactivate) descriptor.deactivate(handle);
      const std::lock_guard lock(plugin_life_mutex());
      if (descriptor.cleanup) descriptor.cleanup(handle);
    } catch (...) {  // NOLINT: the output is complete; a throwing destructor of a plugin changes nothing about it
    }
  }

  void instantiate() {
    const std::string bundle = (plugin.model.bundle / "").string();
    handle = call_plugin(plugin.model.info.name, [&] {
      const std::lock_guard lock(plugin_life_mutex());
      return descriptor.instantiate(&descriptor, plugin.setup.sample_rate.hz, bundle.c_str(),
                                    static_cast<const LV2_Feature* const*>(features.array()));
    });
    if (handle) return;
    throw Error(ErrorCode::plugin_failed,
                fmt::format("cannot start '{}': the plugin made no instance for {} Hz; another sample rate may work",
                            plugin.model.info.name, plugin.setup.sample_rate.hz));
  }

  void* buffer(const Lv2Port& port) {
    switch (port.role) {
      case Lv2PortRole::latency:
        latency_port = port.index;
        has_latency = true;
        return &controls[port.index];
      case Lv2PortRole::parameter:
      case Lv2PortRole::fixed:
      case Lv2PortRole::control_output:
        return &controls[port.index];
      case Lv2PortRole::sequence_input:
      case Lv2PortRole::sequence_output:
        sequences[port.index].resize((port.buffer_bytes + 7) / 8);
        return sequences[port.index].data();
      case Lv2PortRole::event_input:
      case Lv2PortRole::event_output:
        sequences[port.index].resize((port.buffer_bytes + 7) / 8);
        return &events[port.index];
      default:
        return nullptr;
    }
  }

  void set(std::span<const float> plain, bool nudge) {
    for (const Lv2Port& port : plugin.model.ports) {
      if (port.role == Lv2PortRole::fixed) controls[port.index] = port.value;
      if (port.role != Lv2PortRole::parameter) continue;
      const float value = plain[port.parameter];
      controls[port.index] = nudge ? nudged(plugin.model.parameters[port.parameter], value) : value;
    }
  }

  /// Empty inputs, and outputs with their room, as before every run().
  void reset_sequences() {
    static const std::uint32_t sequence_type = lv2_urid(LV2_ATOM__Sequence);
    static const std::uint32_t chunk_type = lv2_urid(LV2_ATOM__Chunk);
    for (const Lv2Port* port : sequence_ports) {
      auto& memory = sequences[port->index];
      const auto bytes = static_cast<std::uint32_t>(memory.size() * 8);
      if (port->role == Lv2PortRole::sequence_input) {
        auto* sequence = reinterpret_cast<LV2_Atom_Sequence*>(memory.data());
        *sequence = {{sizeof(LV2_Atom_Sequence_Body), sequence_type}, {0, 0}};
      } else if (port->role == Lv2PortRole::sequence_output) {
        auto* atom = reinterpret_cast<LV2_Atom*>(memory.data());
        *atom = {bytes - static_cast<std::uint32_t>(sizeof(LV2_Atom)), chunk_type};
      } else {
        events[port->index] = {
            reinterpret_cast<std::uint8_t*>(memory.data()), sizeof(LV2_Event_Buffer), 0, 0, bytes, 0};
      }
    }
  }

  bool grow(std::uint32_t port, std::size_t bytes) {
    constexpr std::size_t most_bytes = 64u << 20;
    if (port >= sequences.size() || sequences[port].empty() || bytes > most_bytes) return false;
    if (plugin.model.ports[port].role != Lv2PortRole::sequence_output) return false;
    sequences[port].resize(std::max(sequences[port].size(), (bytes + 7) / 8));
    descriptor.connect_port(handle, port, sequences[port].data());
    return true;
  }

  void activate() {
    if (descriptor.activate) descriptor.activate(handle);
    active = true;
  }

  void prime(std::span<const float> plain) {
    set(plain, true);
    run(0);
    set(plain, false);
    run(0);
    if (descriptor.deactivate) descriptor.deactivate(handle);
    if (descriptor.activate) descriptor.activate(handle);
  }

  void run(std::size_t frames) {
    reset_sequences();
    descriptor.run(handle, static_cast<std::uint32_t>(frames));
    features.do_scheduled_work();
  }
};

Lv2Instance::Lv2Instance(const Lv2Plugin& plugin, std::span<const float> plain)
    : state_(std::make_unique<State>(plugin)) {
  State& s = *state_;
  s.instantiate();
  s.features.attach(&s.descriptor, s.handle);
  s.features.on_resize([&s](std::uint32_t port, std::size_t bytes) { return s.grow(port, bytes); });
  call_plugin(plugin.model.info.name, [&] {
    s.set(plain, false);
    connect();
    s.reset_sequences();
    if (plugin.default_state) {
      const std::lock_guard lock(plugin_life_mutex());
      plugin.default_state->restore_default_state(plugin.model.uri, &s.descriptor, s.handle, s.features.urid_map(),
                                                  s.features.array());
    }
    s.features.do_scheduled_work();
    s.activate();
    if (quirk_of(plugin.model.uri).prime) s.prime(plain);
  });
}

Lv2Instance::~Lv2Instance() = default;

void Lv2Instance::connect() {
  State& s = *state_;
  std::size_t block = 0;
  for (const Lv2Port& port : s.plugin.model.ports) {
    void* data = is_audio(port.role) ? s.samples[block++] : s.buffer(port);
    if (port.role == Lv2PortRole::audio_input) add_input(static_cast<float*>(data));
    if (port.role == Lv2PortRole::audio_output) add_output(static_cast<float*>(data));
    if (!s.sequences[port.index].empty()) s.sequence_ports.push_back(&port);
    s.descriptor.connect_port(s.handle, port.index, data);
  }
}

void Lv2Instance::run(std::size_t frames) {
  call_plugin(state_->plugin.model.info.name, [&] { state_->run(frames); });
}

float Lv2Instance::reported_latency() const {
  return state_->has_latency ? state_->controls[state_->latency_port] : 0.0f;
}

}  // namespace soundalike
