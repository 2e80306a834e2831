/* What all test plugins share: an instance is its connected ports and a little memory. */
#pragma once

#include <lv2/core/lv2.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>
#include <stdint.h>
#include <stdlib.h>

#define TEST_URI(name) "urn:soundalike:test:" name
enum { most_ports = 24, ring_frames = 8192 };

typedef struct {
  void* port[most_ports];
  double rate;
  float ring[2][ring_frames]; /* for the delay */
  uint32_t at;
  float smoothed[2]; /* of a low-pass */
  const LV2_URID_Map* map;
  const LV2_Worker_Schedule* schedule;
  float level; /* restored from the default state, or answered by the worker */
  uint32_t runs;
  int serial; /* how many instances of the process came before */
} Plugin;

static inline float* audio(Plugin* p, int port) { return (float*)p->port[port]; }
static inline float control(Plugin* p, int port) { return *(float*)p->port[port]; }

typedef void (*Run)(LV2_Handle, uint32_t frames);

/* sound.c: ports are left in, right in, left out, right out, then controls, unless said otherwise */
void run_gain(LV2_Handle, uint32_t);
void run_mono_gain(LV2_Handle, uint32_t);         /* in, out, gain */
void run_mono_to_stereo(LV2_Handle, uint32_t);    /* in, left, right */
void run_stereo_to_mono(LV2_Handle, uint32_t);    /* left, right, out */
void run_side_chain(LV2_Handle, uint32_t);        /* left, right, side, left out, right out, third out */
void run_delay(LV2_Handle, uint32_t);             /* + delay, latency */
void run_knobs(LV2_Handle, uint32_t);             /* + gain, unused, mode */
void run_places(LV2_Handle, uint32_t);            /* + time, drive, steps, mix, mute */
void run_tremolo_per_block(LV2_Handle, uint32_t); /* + depth */
/* faults.c: the first control arms the fault */
void run_nan(LV2_Handle, uint32_t);
void run_crash(LV2_Handle, uint32_t);
void run_hang(LV2_Handle, uint32_t);
void run_exit(LV2_Handle, uint32_t);
void run_abort(LV2_Handle, uint32_t);
void run_runaway(LV2_Handle, uint32_t);
void run_silent(LV2_Handle, uint32_t);
void run_random(LV2_Handle, uint32_t);
void run_uninitialised(LV2_Handle, uint32_t);
void run_static_state(LV2_Handle, uint32_t);
/* reach.c: the first control arms them */
void run_hog(LV2_Handle, uint32_t);
void run_leak(LV2_Handle, uint32_t);
void run_threads(LV2_Handle, uint32_t);
void run_heap(LV2_Handle, uint32_t);
void run_reach(LV2_Handle, uint32_t);
void run_faulty(LV2_Handle, uint32_t); /* + gain, tone; armed by $SOUNDALIKE_TEST_FAULTS */
/* host.c: what the host did, written as samples */
void run_parameters(LV2_Handle, uint32_t);
void run_cutoff(LV2_Handle, uint32_t);
void run_block_length(LV2_Handle, uint32_t);
void run_worker(LV2_Handle, uint32_t);
void run_level(LV2_Handle, uint32_t);
void run_sequences(LV2_Handle, uint32_t);
const void* worker_extension(const char* uri);
const void* state_extension(const char* uri);
