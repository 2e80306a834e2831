// CLAP plugins that behave, and misbehave, as the tests need. What one does follows from its id.
#include <clap/entry.h>
#include <clap/ext/audio-ports.h>
#include <clap/ext/latency.h>
#include <clap/ext/params.h>
#include <clap/fixedpoint.h>
#include <clap/plugin-factory.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

namespace {

constexpr std::uint32_t delay_frames = 64;

// id, channels of the main input and output (0: none)
struct Kind {
  clap_plugin_descriptor descriptor;
  std::uint32_t inputs, outputs;
};
const char* effect_features[] = {CLAP_PLUGIN_FEATURE_AUDIO_EFFECT, "stereo", "equalizer", nullptr};
const char* synth_features[] = {CLAP_PLUGIN_FEATURE_INSTRUMENT, nullptr};

constexpr Kind kind(const char* id, std::uint32_t inputs, std::uint32_t outputs, const char** features) {
  return {{CLAP_VERSION, id, id, "The authors", "", "", "", "1.2", "", features}, inputs, outputs};
}
const std::array kinds{
    kind("gain", 2, 2, effect_features),           kind("mono", 1, 1, effect_features),
    kind("mono-to-stereo", 1, 2, effect_features), kind("wide", 6, 6, effect_features),
    kind("latency", 2, 2, effect_features),        kind("side-chain", 2, 2, effect_features),
    kind("events-only", 2, 2, effect_features),    kind("restart", 2, 2, effect_features),
    kind("transport", 2, 2, effect_features),      kind("error", 2, 2, effect_features),
    kind("refuses", 2, 2, effect_features),        kind("synth", 0, 2, synth_features),
    kind("early", 2, 2, effect_features),
};

enum Knob : clap_id {
  gain = 7,
  on = 12,
  mode = 13,
  taps = 14,
  curve = 15,
  again = 16,
  hidden = 90,
  meter = 91,
  bypass = 99
};

struct Plugin {
  clap_plugin self;
  const Kind* kind;
  const clap_host* host;
  double level = 0.0;
  bool sounding = true;
  double sent_by_events = 0.0;
  double rate = 0.0;
  std::uint32_t latency = 0;
  int starts = 0;
  double rate_at_flush = 0.0;
  std::vector<std::vector<float>> memory;

  bool is(std::string_view id) const { return id == kind->descriptor.id; }
};
Plugin& of(const clap_plugin* plugin) { return *static_cast<Plugin*>(plugin->plugin_data); }

void take(Plugin& p, const clap_input_events* events) {
  for (std::uint32_t i = 0; i < events->size(events); ++i) {
    const clap_event_header* header = events->get(events, i);
    if (header->space_id != CLAP_CORE_EVENT_SPACE_ID || header->type != CLAP_EVENT_PARAM_VALUE) continue;
    const auto* event = reinterpret_cast<const clap_event_param_value*>(header);
    if (event->param_id == gain) p.level = event->value;
    if (event->param_id == on) p.sounding = event->value >= 0.5;
  }
}

float factor(const Plugin& p) {
  float result = 1.0f;  // level in dB, by hand: 6 dB are a factor of 2
  for (double left = p.level; left > 1e-9; left -= 6.0)
    result *= left >= 6.0 ? 2.0f : static_cast<float>(1.0 + left / 6.0);
  return p.sounding ? result : 0.0f;
}

clap_process_status process(const clap_plugin* plugin, const clap_process* block) {
  Plugin& p = of(plugin);
  if (p.is("error")) return CLAP_PROCESS_ERROR;
  if (p.is("events-only") && block->steady_time == 0) p.level = 0.0;
  take(p, block->in_events);
  if (p.is("restart") && p.starts == 1) p.host->request_restart(p.host);
  const clap_audio_buffer& in = block->audio_inputs[0];
  clap_audio_buffer& out = block->audio_outputs[0];
  p.memory.resize(out.channel_count, std::vector<float>(p.latency, 0.0f));
  for (std::uint32_t c = 0; c < out.channel_count; ++c) {
    const float* from = in.data32[std::min(c, in.channel_count - 1)];
    auto& late = p.memory[c];
    for (std::uint32_t i = 0; i < block->frames_count; ++i) {
      float sample = from[i] * factor(p);
      if (p.is("early")) sample = static_cast<float>(p.rate_at_flush);
      if (p.is("side-chain")) sample += block->audio_inputs[1].data32[0][i];
      if (p.is("transport")) {
        sample = static_cast<float>(static_cast<double>(block->transport->song_pos_beats) / CLAP_BEATTIME_FACTOR);
      }
      if (!late.empty()) {
        late.push_back(sample);
        sample = late.front();
        late.erase(late.begin());
      }
      out.data32[c][i] = sample;
    }
  }
  if (p.is("side-chain")) std::fill_n(block->audio_inputs[1].data32[0], block->frames_count, 9.0f);
  return CLAP_PROCESS_CONTINUE;
}

const clap_plugin_audio_ports ports{
    .count = [](const clap_plugin* plugin, bool is_input) -> std::uint32_t {
      const Plugin& p = of(plugin);
      if (is_input && p.kind->inputs == 0) return 0;
      return is_input && p.is("side-chain") ? 2 : 1;
    },
    .get =
        [](const clap_plugin* plugin, std::uint32_t index, bool is_input, clap_audio_port_info* info) {
          const Plugin& p = of(plugin);
          *info = {};
          info->flags = index == 0 ? CLAP_AUDIO_PORT_IS_MAIN : 0;
          info->channel_count = index == 1 ? 1 : is_input ? p.kind->inputs : p.kind->outputs;
          return true;
        },
};

struct KnobRow {
  Knob id;
  std::uint32_t flags;
  const char* name;
  const char* module;
  double low, high, fallback;
};
constexpr std::array rows{
    KnobRow{gain, CLAP_PARAM_IS_AUTOMATABLE, "Gain", "Output", 0.0, 12.0, 0.0},
    KnobRow{on, CLAP_PARAM_IS_STEPPED, "Sounding", "", 0.0, 1.0, 1.0},
    KnobRow{mode, CLAP_PARAM_IS_STEPPED, "Mode", "", 0.0, 2.0, 1.0},
    KnobRow{taps, CLAP_PARAM_IS_STEPPED, "Taps", "", 1.0, 8.0, 4.0},
    KnobRow{curve, 0, "Curve (x)", "", 0.0, 1.0, 0.25},
    KnobRow{again, 0, "Gain", "Input", 0.0, 12.0, 0.0},
    KnobRow{hidden, CLAP_PARAM_IS_HIDDEN, "Hidden", "", 0.0, 1.0, 0.0},
    KnobRow{meter, CLAP_PARAM_IS_READONLY, "Meter", "", 0.0, 1.0, 0.0},
    KnobRow{bypass, CLAP_PARAM_IS_STEPPED | CLAP_PARAM_IS_BYPASS, "Off", "", 0.0, 1.0, 0.0},
};

const clap_plugin_params params{
    .count = [](const clap_plugin*) -> std::uint32_t { return rows.size(); },
    .get_info =
        [](const clap_plugin*, std::uint32_t index, clap_param_info* info) {
          const KnobRow& row = rows[index];
          *info = {.id = row.id,
                   .flags = row.flags,
                   .cookie = nullptr,
                   .name = {},
                   .module = {},
                   .min_value = row.low,
                   .max_value = row.high,
                   .default_value = row.fallback};
          std::strncpy(info->name, row.name, sizeof info->name - 1);
          std::strncpy(info->module, row.module, sizeof info->module - 1);
          return true;
        },
    .get_value = [](const clap_plugin*, clap_id, double*) { return false; },
    .value_to_text =
        [](const clap_plugin*, clap_id id, double value, char* text, std::uint32_t size) {
          static constexpr const char* modes[] = {"Low", "Mid", "High"};
          if (id == mode) {
            std::snprintf(text, size, "%s", modes[static_cast<int>(value)]);
          } else if (id == on) {
            std::snprintf(text, size, "%s", value >= 0.5 ? "On" : "Off");
          } else if (id == curve) {
            std::snprintf(text, size, "%.0f Hz", 20.0 + 980.0 * value * value);
          } else {
            std::snprintf(text, size, id == gain || id == again ? "%.2f dB" : "%.0f", value);
          }
          return true;
        },
    .text_to_value = [](const clap_plugin*, clap_id, const char*, double*) { return false; },
    .flush =
        [](const clap_plugin* plugin, const clap_input_events* in, const clap_output_events*) {
          if (!of(plugin).is("events-only")) take(of(plugin), in);
          of(plugin).rate_at_flush = of(plugin).rate;
        },
};

const clap_plugin_latency latency{.get = [](const clap_plugin* plugin) { return of(plugin).latency; }};

const clap_plugin* create(const clap_plugin_factory*, const clap_host* host, const char* id) {
  const auto found = std::ranges::find_if(kinds, [&](const Kind& k) { return std::strcmp(k.descriptor.id, id) == 0; });
  if (found == kinds.end()) return nullptr;
  auto* plugin = new Plugin{};
  plugin->kind = &*found;
  plugin->host = host;
  plugin->self = {
      .desc = &found->descriptor,
      .plugin_data = plugin,
      .init = [](const clap_plugin*) { return true; },
      .destroy = [](const clap_plugin* p) { delete &of(p); },
      .activate =
          [](const clap_plugin* self, double rate, std::uint32_t, std::uint32_t) {
            Plugin& p = of(self);
            if (p.is("refuses")) return false;
            p.rate = rate;
            p.memory.clear();
            p.latency = p.is("latency") || (p.is("restart") && p.starts > 0) ? delay_frames : 0;
            return true;
          },
      .deactivate = [](const clap_plugin* self) { of(self).rate = 0.0; },
      .start_processing =
          [](const clap_plugin* self) {
            ++of(self).starts;
            return true;
          },
      .stop_processing = [](const clap_plugin*) {},
      .reset = [](const clap_plugin*) {},
      .process = &process,
      .get_extension = [](const clap_plugin*, const char* name) -> const void* {
        const std::string_view wanted = name;
        if (wanted == CLAP_EXT_AUDIO_PORTS) return &ports;
        if (wanted == CLAP_EXT_PARAMS) return &params;
        if (wanted == CLAP_EXT_LATENCY) return &latency;
        return nullptr;
      },
      .on_main_thread = [](const clap_plugin*) {},
  };
  return &plugin->self;
}

const clap_plugin_factory factory{
    .get_plugin_count = [](const clap_plugin_factory*) -> std::uint32_t { return kinds.size(); },
    .get_plugin_descriptor = [](const clap_plugin_factory*, std::uint32_t i) { return &kinds[i].descriptor; },
    .create_plugin = &create,
};

// A library whose file is called so crashes when it is entered.
bool enter(const char* path) {
  const std::string_view file = path;
  if (file.ends_with("crash.clap")) __builtin_trap();
  return !file.ends_with("refuses.clap");
}

const void* get_factory(const char* id) { return std::strcmp(id, CLAP_PLUGIN_FACTORY_ID) == 0 ? &factory : nullptr; }

}  // namespace

extern "C" CLAP_EXPORT const clap_plugin_entry clap_entry{
    .clap_version = CLAP_VERSION, .init = &enter, .deinit = [] {}, .get_factory = &get_factory};
