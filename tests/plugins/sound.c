/* Plugins that do what an effect should. */
#include <math.h>

#include "plugin.h"

static float linear(float db) { return powf(10.0f, db / 20.0f); }

void run_gain(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  const float gain = linear(control(p, 4));
  for (int c = 0; c < 2; ++c) {
    for (uint32_t i = 0; i < frames; ++i) audio(p, 2 + c)[i] = gain * audio(p, c)[i];
  }
}

void run_mono_gain(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  const float gain = linear(control(p, 2));
  for (uint32_t i = 0; i < frames; ++i) audio(p, 1)[i] = gain * audio(p, 0)[i];
}

void run_mono_to_stereo(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  for (uint32_t i = 0; i < frames; ++i) {
    audio(p, 1)[i] = audio(p, 0)[i];
    audio(p, 2)[i] = 0.5f * audio(p, 0)[i];
  }
}

void run_stereo_to_mono(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  for (uint32_t i = 0; i < frames; ++i) audio(p, 2)[i] = 0.75f * audio(p, 0)[i] + 0.25f * audio(p, 1)[i];
}

/* Anything but silence in the side chain is heard at once. */
void run_side_chain(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  for (uint32_t i = 0; i < frames; ++i) {
    audio(p, 3)[i] = audio(p, 0)[i] + 10.0f * audio(p, 2)[i];
    audio(p, 4)[i] = audio(p, 1)[i] + 10.0f * audio(p, 2)[i];
    audio(p, 5)[i] = 1.0f;
  }
}

void run_delay(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  const uint32_t delay = (uint32_t)control(p, 4);
  *(float*)p->port[5] = (float)delay;
  for (uint32_t i = 0; i < frames; ++i, ++p->at) {
    for (int c = 0; c < 2; ++c) {
      p->ring[c][p->at % ring_frames] = audio(p, c)[i];
      audio(p, 2 + c)[i] = p->ring[c][(p->at - delay) % ring_frames];
    }
  }
}

void run_knobs(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  const float gain = control(p, 6) > 0.75f ? 0.0f : linear(control(p, 4)); /* mode 1 is silence */
  for (int c = 0; c < 2; ++c) {
    for (uint32_t i = 0; i < frames; ++i) {
      const float x = audio(p, c)[i];
      audio(p, 2 + c)[i] = control(p, 6) > 0.25f ? gain * tanhf(4.0f * x) : gain * x; /* mode 0.5 distorts */
    }
  }
}

/* One knob of each class: an echo's time (rough), a drive that breaks above 0.7, a tone in five steps, a mix that
 * leaves the sound alone at 0, a switch that mutes. */
void run_places(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  const uint32_t delay = (uint32_t)(control(p, 4) * 1e-3f * (float)p->rate) % ring_frames;
  const float drive = control(p, 5);
  const float tone = 1.0f - 0.24f * floorf(4.0f * control(p, 6));
  const float mix = control(p, 7);
  const float level = control(p, 8) > 0.0f ? 0.0f : 1.0f;
  for (uint32_t i = 0; i < frames; ++i, ++p->at) {
    for (int c = 0; c < 2; ++c) {
      const float x = audio(p, c)[i];
      float wet = drive > 0.7f ? NAN : tanhf((1.0f + 30.0f * drive) * x);
      p->ring[c][p->at % ring_frames] = wet;
      wet += 0.9f * p->ring[c][(p->at - delay) % ring_frames];
      p->smoothed[c] += tone * (wet - p->smoothed[c]);
      audio(p, 2 + c)[i] = level * (mix > 0.0f ? x + mix * (p->smoothed[c] - x) : x);
    }
  }
}

/* Starts its cycle anew in every block, as some real ones do. */
void run_tremolo_per_block(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  const float depth = control(p, 4);
  for (int c = 0; c < 2; ++c) {
    for (uint32_t i = 0; i < frames; ++i) {
      audio(p, 2 + c)[i] = audio(p, c)[i] * (1.0f - depth * (float)(i % 4096) / 4096.0f);
    }
  }
}
