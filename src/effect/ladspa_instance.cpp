#include "effect/ladspa_instance.hpp"

#include <ladspa.h>

#include <algorithm>
#include <cmath>

#include "effect/plugin_call.hpp"
#include "effect/sample_blocks.hpp"

namespace soundalike {
namespace {

bool is_audio(LadspaPortRole role) {
  return role != LadspaPortRole::parameter && role != LadspaPortRole::meter && role != LadspaPortRole::latency;
}

}  // namespace

struct LadspaInstance::State {
  const LadspaPlugin& plugin;
  const LADSPA_Descriptor& descriptor;
  SampleBlocks samples;
  std::vector<float> controls;  // by port index
  std::optional<std::size_t> latency_port;
  LADSPA_Handle handle = nullptr;
  bool active = false;

  explicit State(const LadspaPlugin& p)
      : plugin(p),
        descriptor(*static_cast<const LADSPA_Descriptor*>(p.descriptor)),
        samples(static_cast<std::size_t>(std::ranges::count_if(p.model.ports, is_audio)), p.setup.block_size),
        controls(p.model.ports.size()) {}

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
};

LadspaInstance::LadspaInstance(const LadspaPlugin& plugin, std::span<const float> plain)
    : state_(std::make_unique<State>(plugin)) {
  State& s = *state_;
  const std::string& name = plugin.model.info.name;
  s.handle = call_plugin(name, [&] {
    const std::lock_guard lock(plugin_life_mutex());
    return s.descriptor.instantiate(&s.descriptor,
                                    static_cast<unsigned long>(std::lround(plugin.setup.sample_rate.hz)));
  });
  if (!s.handle) {
    throw Error(ErrorCode::plugin_failed,
                fmt::format("cannot start '{}': the plugin made no instance for {} Hz; another sample rate may work",
                            name, plugin.setup.sample_rate.hz));
  }
  call_plugin(name, [&] {
    connect(plain);
    if (s.descriptor.activate) s.descriptor.activate(s.handle);
    s.active = true;
  });
}

LadspaInstance::~LadspaInstance() = default;

void LadspaInstance::connect(std::span<const float> plain) {
  State& s = *state_;
  const LadspaModel& model = s.plugin.model;
  std::size_t block = 0;
  for (std::size_t i = 0; i < model.ports.size(); ++i) {
    const LadspaPortRole role = model.ports[i];
    float* data = is_audio(role) ? s.samples[block++] : &s.controls[i];
    if (role == LadspaPortRole::audio_input) add_input(data);
    if (role == LadspaPortRole::audio_output) add_output(data);
    if (role == LadspaPortRole::parameter) *data = plain[model.port_knob[i]];
    if (role == LadspaPortRole::latency) s.latency_port = i;
    s.descriptor.connect_port(s.handle, i, data);
  }
}

void LadspaInstance::run(std::size_t frames) {
  const State& s = *state_;
  call_plugin(s.plugin.model.info.name, [&] { s.descriptor.run(s.handle, frames); });
}

float LadspaInstance::reported_latency() const {
  return state_->latency_port ? state_->controls[*state_->latency_port] : 0.0f;
}

}  // namespace soundalike
