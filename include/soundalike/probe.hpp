#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "soundalike/batch_renderer.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/profile.hpp"
#include "soundalike/progress.hpp"

namespace soundalike {

struct ProbeOptions {
  RenderSetup setup{{48000.0}, 2, 1024};  ///< probe at the rate that will be used: some effects give NaN at others
  std::size_t sweep_values = 17;          ///< per knob and base setting; more finds narrower jumps
  std::size_t stress_renders = 192;       ///< random settings over the free knobs
  std::size_t timing_repeats = 40;
  std::uint64_t seed = 1;
  std::map<std::string, float> pinned{};  ///< knobs to leave at a setting, by parameter id: fixed, and not probed
  RendererOptions renderer;
};

/// What was measured about one knob. Changes are mean absolute differences of 32 mel bands per 20 ms frame, in dB, on
/// the test signal; "level-free" after removing one gain for the whole render.
struct KnobProbe {
  std::string id;
  double change_db = 0.0;      ///< largest change over the whole range, any base setting
  double level_free_db = 0.0;  ///< the same, level-free
  double largest_jump = 0.0;   ///< share of a sweep's path that its largest single step takes
  double roughness = 0.0;  ///< change for 1 % of the range over change for 25 %: 0.04 linear, 1 decorrelated at once
  float step = 0.01f;      ///< chosen step for gradients
  double step_agreement = 0.0;             ///< cosine between the change that the step predicts and the change over 5 %
  std::vector<std::string> silent_values;  ///< choices, switches or positions that silence the output
  std::vector<std::string> bad_values;     ///< positions with NaN, runaway peaks or peaks over +20 dBFS
};

struct Probe {
  Profile profile;
  std::vector<KnobProbe> knobs;
  bool deterministic = true;            ///< equal bits when rendered again, in another order, on other workers
  bool block_dependent = false;         ///< the sound changes with the block size
  double block_difference_db = -400.0;  ///< error energy between block 256 or 4096 and 1024, over output energy
  std::size_t stress_renders = 0, stress_failed = 0, stress_silent = 0, stress_loud = 0;
  double stress_peak_db = 0.0;  ///< largest peak of the usable stress renders, dBFS
  double speed = 0.0;           ///< seconds of audio rendered per second of processor time
  std::string summary() const;  ///< for people, a few lines
};

/// Measures an effect on a test signal made for it (drum-like bursts, plucked chords, a voice-like glide, noise and
/// pauses, at -18 LUFS) and writes its profile. Smooth, audible knobs become free; rough and stepped ones too, marked
/// as such; gains, dead knobs, choices, switches and buttons are fixed. A range is cut to the part without silence, NaN
/// or runaway peaks. Takes up to 300 renders of 3 s per knob.
/// @throws Error plugin_failed when the effect cannot be rendered at its defaults at all.
Probe probe_effect(const EffectListing& listing, const ProbeOptions& options, const Progress& progress = {},
                   const std::stop_token& stop = {});

/// The test signal: [channels x 3 s], seeded, the same on every machine; stereo with differing channels.
AudioBuffer probe_signal(SampleRate rate, std::size_t channels);

}  // namespace soundalike
