/* LADSPA plugins that do one thing each, so that a test can tell what the host did. */
#include <ladspa.h>
#include <stdlib.h>

enum { most_ports = 16, ring_frames = 4096 };

typedef struct {
  LADSPA_Data* port[most_ports];
  unsigned long rate;
  LADSPA_Data ring[ring_frames];
  unsigned long at;
} Plugin;

static LADSPA_Handle instantiate(const LADSPA_Descriptor* descriptor, unsigned long rate) {
  Plugin* plugin = calloc(1, sizeof(Plugin));
  (void)descriptor;
  if (plugin) plugin->rate = rate;
  return plugin;
}
static LADSPA_Handle refuse(const LADSPA_Descriptor* descriptor, unsigned long rate) {
  (void)descriptor;
  (void)rate;
  return NULL;
}
static void connect_port(LADSPA_Handle handle, unsigned long port, LADSPA_Data* data) {
  ((Plugin*)handle)->port[port] = data;
}
static void cleanup(LADSPA_Handle handle) { free(handle); }

static void run_gain(LADSPA_Handle handle, unsigned long frames) { /* in, out, gain */
  Plugin* p = handle;
  for (unsigned long i = 0; i < frames; ++i) p->port[1][i] = p->port[0][i] * *p->port[2];
}
static void run_swap(LADSPA_Handle handle, unsigned long frames) { /* left, right, left out, right out */
  Plugin* p = handle;
  for (unsigned long i = 0; i < frames; ++i) {
    p->port[2][i] = p->port[1][i];
    p->port[3][i] = p->port[0][i];
  }
}
static void run_split(LADSPA_Handle handle, unsigned long frames) { /* in, the same out, twice it */
  Plugin* p = handle;
  for (unsigned long i = 0; i < frames; ++i) {
    p->port[1][i] = p->port[0][i];
    p->port[2][i] = 2.0f * p->port[0][i];
  }
}
static void run_sum(LADSPA_Handle handle, unsigned long frames) { /* left, right, out */
  Plugin* p = handle;
  for (unsigned long i = 0; i < frames; ++i) p->port[2][i] = p->port[0][i] + p->port[1][i];
}
static void run_late(LADSPA_Handle handle, unsigned long frames) { /* in, out, latency */
  enum { delay = 300 };
  Plugin* p = handle;
  for (unsigned long i = 0; i < frames; ++i) {
    p->port[1][i] = p->ring[(p->at + ring_frames - delay) % ring_frames];
    p->ring[p->at] = p->port[0][i];
    p->at = (p->at + 1) % ring_frames;
  }
  *p->port[2] = delay;
}
static void run_knobs(LADSPA_Handle handle, unsigned long frames) { /* in, out, knobs: sample k is knob k */
  Plugin* p = handle;
  for (unsigned long i = 0; i < frames; ++i) p->port[1][i] = i < 8 ? *p->port[2 + i] : p->port[0][i];
}
static void run_nothing(LADSPA_Handle handle, unsigned long frames) {
  (void)handle;
  (void)frames;
}

#define IN (LADSPA_PORT_INPUT | LADSPA_PORT_AUDIO)
#define OUT (LADSPA_PORT_OUTPUT | LADSPA_PORT_AUDIO)
#define KNOB (LADSPA_PORT_INPUT | LADSPA_PORT_CONTROL)
#define METER (LADSPA_PORT_OUTPUT | LADSPA_PORT_CONTROL)
#define BOUNDED (LADSPA_HINT_BOUNDED_BELOW | LADSPA_HINT_BOUNDED_ABOVE)

static const LADSPA_PortDescriptor gain_ports[] = {IN, OUT, KNOB};
static const char* const gain_names[] = {"Input", "Output", "Gain"};
static const LADSPA_PortRangeHint gain_hints[] = {{0, 0, 0}, {0, 0, 0}, {BOUNDED | LADSPA_HINT_DEFAULT_1, 0, 4}};

static const LADSPA_PortDescriptor stereo_ports[] = {IN, IN, OUT, OUT};
static const LADSPA_PortDescriptor split_ports[] = {IN, OUT, OUT};
static const LADSPA_PortDescriptor sum_ports[] = {IN, IN, OUT};
static const LADSPA_PortDescriptor late_ports[] = {IN, OUT, METER};
static const char* const audio_names[] = {"a", "b", "c", "d"};
static const char* const late_names[] = {"in", "out", "latency"};
static const LADSPA_PortRangeHint no_hints[4];

static const LADSPA_PortDescriptor knob_ports[] = {IN, OUT, KNOB, KNOB, KNOB, KNOB, KNOB, KNOB, KNOB, KNOB};
static const char* const knob_names[] = {"in",     "out",        "Level [dB]", "Time (s)", "Cut off (Hz)",
                                         "Voices", "Level [dB]", "Bright",     "Free",     "Ratio (1:n)"};
static const LADSPA_PortRangeHint knob_hints[] = {
    {0, 0, 0},
    {0, 0, 0},
    {BOUNDED | LADSPA_HINT_DEFAULT_0, -24, 12},
    {BOUNDED | LADSPA_HINT_LOGARITHMIC | LADSPA_HINT_DEFAULT_MIDDLE, 0.01f, 1},
    {BOUNDED | LADSPA_HINT_SAMPLE_RATE | LADSPA_HINT_LOGARITHMIC | LADSPA_HINT_DEFAULT_440, 0.0005f, 0.5f},
    {BOUNDED | LADSPA_HINT_INTEGER | LADSPA_HINT_DEFAULT_LOW, 1, 9},
    {BOUNDED | LADSPA_HINT_DEFAULT_MAXIMUM, -24, 12},
    {LADSPA_HINT_TOGGLED | LADSPA_HINT_DEFAULT_1, 0, 0},
    {LADSPA_HINT_DEFAULT_100, 0, 0},
    {BOUNDED | LADSPA_HINT_DEFAULT_NONE, 1, 20},
};

#define PLUGIN(number, label, name, count, ports, names, hints, make, run)                                 \
  {                                                                                                        \
    number, label, 0, name, "The authors <nobody@nowhere>", "ISC", count, ports, names, hints, NULL, make, \
        connect_port, NULL, run, NULL, NULL, NULL, cleanup                                                 \
  }

static const LADSPA_Descriptor plugins[] = {
    PLUGIN(1, "gain", "Test LADSPA Gain", 3, gain_ports, gain_names, gain_hints, instantiate, run_gain),
    PLUGIN(2, "swap", "Test LADSPA Swap", 4, stereo_ports, audio_names, no_hints, instantiate, run_swap),
    PLUGIN(3, "split", "Test LADSPA Split", 3, split_ports, audio_names, no_hints, instantiate, run_split),
    PLUGIN(4, "sum", "Test LADSPA Sum", 3, sum_ports, audio_names, no_hints, instantiate, run_sum),
    PLUGIN(5, "late", "Test LADSPA Late", 3, late_ports, late_names, no_hints, instantiate, run_late),
    PLUGIN(6, "knobs", "Test LADSPA Knobs", 10, knob_ports, knob_names, knob_hints, instantiate, run_knobs),
    PLUGIN(7, "refuse", "Test LADSPA Refuse", 3, gain_ports, gain_names, gain_hints, refuse, run_gain),
    PLUGIN(8, "meter", "Test LADSPA Meter", 1, gain_ports, gain_names, gain_hints, instantiate, run_nothing),
    PLUGIN(9, "noise", "Test LADSPA Noise", 1, gain_ports + 1, gain_names, gain_hints, instantiate, run_nothing),
};

__attribute__((visibility("default"))) const LADSPA_Descriptor* ladspa_descriptor(unsigned long index) {
  return index < sizeof(plugins) / sizeof(plugins[0]) ? &plugins[index] : NULL;
}
