/* The table of test plugins and what they share. */
#include <string.h>

#include "plugin.h"

static int instances_made = 0;

static LV2_Handle make(const LV2_Descriptor* descriptor, double rate, const char* bundle,
                       const LV2_Feature* const* features) {
  (void)descriptor;
  (void)bundle;
  Plugin* p = (Plugin*)calloc(1, sizeof(Plugin));
  p->rate = rate;
  p->serial = instances_made++;
  for (int i = 0; features && features[i]; ++i) {
    if (!strcmp(features[i]->URI, LV2_URID__map)) p->map = (const LV2_URID_Map*)features[i]->data;
    if (!strcmp(features[i]->URI, LV2_WORKER__schedule)) p->schedule = (const LV2_Worker_Schedule*)features[i]->data;
  }
  return p;
}

static LV2_Handle refuse(const LV2_Descriptor* descriptor, double rate, const char* bundle,
                         const LV2_Feature* const* features) {
  (void)descriptor;
  (void)rate;
  (void)bundle;
  (void)features;
  return NULL;
}

static void connect(LV2_Handle handle, uint32_t port, void* data) {
  if (port < most_ports) ((Plugin*)handle)->port[port] = data;
}

#define PLUGIN(name, run) \
  { TEST_URI(name), make, connect, NULL, run, NULL, free, NULL }
#define PLUGIN_WITH(name, run, extension) \
  { TEST_URI(name), make, connect, NULL, run, NULL, free, extension }

static const LV2_Descriptor plugins[] = {
    PLUGIN("gain", run_gain),
    PLUGIN("mono-gain", run_mono_gain),
    PLUGIN("mono-to-stereo", run_mono_to_stereo),
    PLUGIN("stereo-to-mono", run_stereo_to_mono),
    PLUGIN("side-chain", run_side_chain),
    PLUGIN("latency", run_delay),
    PLUGIN("knobs", run_knobs),
    PLUGIN("places", run_places),
    PLUGIN("block-dependent", run_tremolo_per_block),
    PLUGIN("nan", run_nan),
    PLUGIN("crash", run_crash),
    PLUGIN("hang", run_hang),
    PLUGIN("exit", run_exit),
    PLUGIN("abort", run_abort),
    PLUGIN("runaway", run_runaway),
    PLUGIN("silent", run_silent),
    PLUGIN("random", run_random),
    PLUGIN("uninitialised", run_uninitialised),
    PLUGIN("static-state", run_static_state),
    PLUGIN("hog", run_hog),
    PLUGIN("leak", run_leak),
    PLUGIN("threads", run_threads),
    PLUGIN("heap", run_heap),
    PLUGIN("reach", run_reach),
    PLUGIN("faulty", run_faulty),
    PLUGIN("parameters", run_parameters),
    PLUGIN("cutoff", run_cutoff),
    PLUGIN("whole-blocks", run_block_length),
    PLUGIN("any-blocks", run_block_length),
    PLUGIN_WITH("worker", run_worker, worker_extension),
    PLUGIN_WITH("default-state", run_level, state_extension),
    PLUGIN("sequences", run_sequences),
    PLUGIN("unknown-feature", run_gain),
    PLUGIN("instrument", run_silent),
    PLUGIN("analyser", run_silent),
    PLUGIN("generator", run_silent),
    {TEST_URI("refuses"), refuse, connect, NULL, run_gain, NULL, free, NULL},
};

/* The whole library can be made one that kills whoever loads it. */
__attribute__((constructor)) static void load(void) {
  volatile int* nowhere = NULL;
  if (getenv("SOUNDALIKE_TEST_CRASH_ON_LOAD")) *nowhere = 1;
}

LV2_SYMBOL_EXPORT const LV2_Descriptor* lv2_descriptor(uint32_t index) {
  return index < sizeof plugins / sizeof *plugins ? &plugins[index] : NULL;
}
