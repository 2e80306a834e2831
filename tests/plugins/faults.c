/* Plugins that fail in the ways plugins fail. The knob "armed" switches the fault on; off, they pass audio through. */
#include <math.h>
#include <string.h>

#include "plugin.h"

static int armed(Plugin* p) { return control(p, 4) > 0.0f; }

static void pass_through(Plugin* p, uint32_t frames) {
  for (int c = 0; c < 2; ++c) memcpy(audio(p, 2 + c), audio(p, c), frames * sizeof(float));
}

void run_nan(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (armed(p) && frames > 0) audio(p, 3)[frames / 2] = NAN;
}

void run_crash(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  volatile int* nowhere = NULL;
  if (armed(p)) *nowhere = 1;
}

void run_hang(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  volatile int for_ever = armed(p);
  while (for_ever) {
  }
}

void run_exit(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (armed(p)) exit(0);
}

void run_abort(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (armed(p)) abort();
}

void run_runaway(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (!armed(p)) return;
  for (int c = 0; c < 2; ++c) {
    for (uint32_t i = 0; i < frames; ++i) audio(p, 2 + c)[i] *= 1e9f;
  }
}

void run_silent(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (!armed(p)) return;
  for (int c = 0; c < 2; ++c) memset(audio(p, 2 + c), 0, frames * sizeof(float));
}

/* Adds noise from the C library's generator, which the whole process shares. */
void run_random(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (!armed(p)) return;
  for (int c = 0; c < 2; ++c) {
    for (uint32_t i = 0; i < frames; ++i) audio(p, 2 + c)[i] += 0.1f * ((float)rand() / (float)RAND_MAX - 0.5f);
  }
}

/* Adds what happens to lie in memory it never wrote: a small chunk and a large one, with the bytes of an earlier owner.
 */
void run_uninitialised(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (!armed(p)) return;
  const size_t sizes[2] = {512, 65536};
  for (int c = 0; c < 2; ++c) {
    volatile unsigned char* bytes = (volatile unsigned char*)malloc(sizes[c]);
    for (uint32_t i = 0; i < frames; ++i) audio(p, 2 + c)[i] += (float)bytes[64 + i % (sizes[c] - 64)] / 512.0f;
    for (size_t i = 0; i < sizes[c]; ++i) bytes[i] = (unsigned char)(17 + p->runs); /* for the next owner */
    free((void*)bytes);
  }
  ++p->runs;
}

/* Every instance sounds a little different from the one before. */
void run_static_state(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (!armed(p)) return;
  for (int c = 0; c < 2; ++c) {
    for (uint32_t i = 0; i < frames; ++i) audio(p, 2 + c)[i] *= 1.0f / (float)(1 + p->serial % 7);
  }
}
