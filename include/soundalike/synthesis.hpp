#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>

#include "soundalike/manifest.hpp"
#include "soundalike/progress.hpp"

namespace soundalike {

struct SynthesisOptions {
  double minutes = 60.0;       ///< in all
  double speech_share = 0.5;   ///< of them; the rest is music
  double texture_share = 0.0;  ///< of them: sound without notes
  double rate_hz = 44100.0;
  std::size_t voices = 24;  ///< speakers
  std::uint64_t seed = 0;
  bool other_programs = true;  ///< half of the speech by espeak-ng and half of the music by FluidSynth, where installed
  std::filesystem::path sound_font = {};  ///< for FluidSynth; empty: the first in /usr/share/sounds/sf2
  std::size_t workers = 0;                ///< threads; 0: one per core. The result does not depend on it
  Progress progress = {};                 ///< one call at a time
  std::stop_token stop = {};
};

/// What made the material.
struct Synthesised {
  Manifest manifest;
  std::size_t by_espeak = 0, by_fluidsynth = 0, by_ourselves = 0;  ///< recordings
};

/// Fills a folder with recordings to train on where there are none: speech/ in many voices, mono, music/ in pieces for
/// one to five players, and textures/ without notes (noise, drones, things that ring, crackle, glides), stereo; 20 s
/// each, as FLAC of 16 bits, and their manifest, split by speaker and piece. What we make ourselves depends on the
/// options alone, bit for bit; what other programs make also on their versions.
/// @throws Error invalid_argument for options out of range or a folder that is not empty; io; cancelled.
Synthesised synthesise_corpus(const std::filesystem::path& folder, const SynthesisOptions& options = {});

}  // namespace soundalike
