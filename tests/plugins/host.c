/* Plugins that write what the host told them as samples, for tests of the host. Ports: in, out, then controls. */
#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <string.h>

#include "plugin.h"

/* Sample i of the output is the value of control i. */
void run_parameters(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  for (uint32_t i = 0; i < frames; ++i) {
    audio(p, 1)[i] = i + 2 < most_ports && p->port[i + 2] ? control(p, (int)i + 2) : 0.0f;
  }
}

void run_cutoff(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  for (uint32_t i = 0; i < frames; ++i) audio(p, 1)[i] = control(p, 2);
}

void run_block_length(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  for (uint32_t i = 0; i < frames; ++i) audio(p, 1)[i] = (float)frames;
}

/* Sends the worker the number of the run; what it answered last is the output of the next run. */
void run_worker(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  for (uint32_t i = 0; i < frames; ++i) audio(p, 1)[i] = p->level;
  ++p->runs;
  if (p->schedule) p->schedule->schedule_work(p->schedule->handle, sizeof p->runs, &p->runs);
}

static LV2_Worker_Status work(LV2_Handle handle, LV2_Worker_Respond_Function respond, LV2_Worker_Respond_Handle to,
                              uint32_t size, const void* data) {
  (void)handle;
  uint32_t run = 0;
  memcpy(&run, data, size < sizeof run ? size : sizeof run);
  const float answer = (float)run * 0.125f;
  return respond(to, sizeof answer, &answer);
}

static LV2_Worker_Status take_answer(LV2_Handle handle, uint32_t size, const void* data) {
  memcpy(&((Plugin*)handle)->level, data, size);
  return LV2_WORKER_SUCCESS;
}

const void* worker_extension(const char* uri) {
  static const LV2_Worker_Interface worker = {work, take_answer, NULL};
  return strcmp(uri, LV2_WORKER__interface) ? NULL : &worker;
}

void run_level(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  for (uint32_t i = 0; i < frames; ++i) audio(p, 1)[i] = p->level;
}

static LV2_State_Status save(LV2_Handle handle, LV2_State_Store_Function store, LV2_State_Handle state, uint32_t flags,
                             const LV2_Feature* const* features) {
  (void)handle;
  (void)store;
  (void)state;
  (void)flags;
  (void)features;
  return LV2_STATE_SUCCESS;
}

static LV2_State_Status restore(LV2_Handle handle, LV2_State_Retrieve_Function retrieve, LV2_State_Handle state,
                                uint32_t flags, const LV2_Feature* const* features) {
  (void)flags;
  (void)features;
  Plugin* p = (Plugin*)handle;
  size_t size = 0;
  uint32_t type = 0;
  uint32_t value_flags = 0;
  const void* value = retrieve(state, p->map->map(p->map->handle, TEST_URI("level")), &size, &type, &value_flags);
  if (value && size == sizeof p->level) memcpy(&p->level, value, size);
  return LV2_STATE_SUCCESS;
}

const void* state_extension(const char* uri) {
  static const LV2_State_Interface state = {save, restore};
  return strcmp(uri, LV2_STATE__interface) ? NULL : &state;
}

/* Ports: in, out, sequence in, sequence out. 1 when the input is an empty sequence and the output has 128 KiB. */
void run_sequences(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  const LV2_Atom_Sequence* in = (const LV2_Atom_Sequence*)p->port[2];
  LV2_Atom_Sequence* out = (LV2_Atom_Sequence*)p->port[3];
  const LV2_URID sequence = p->map->map(p->map->handle, LV2_ATOM__Sequence);
  const int empty = in->atom.type == sequence && in->atom.size == sizeof(LV2_Atom_Sequence_Body);
  const int room = out->atom.size + sizeof(LV2_Atom) >= 128 * 1024;
  memset(out, 0x55, 128 * 1024);
  for (uint32_t i = 0; i < frames; ++i) audio(p, 1)[i] = empty && room ? 1.0f : 0.0f;
}
