#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "soundalike/checkpoint.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/progress.hpp"

namespace soundalike::training {

struct EpisodeOptions {
  std::vector<std::filesystem::path> files;  ///< recordings to draw from
  std::vector<EffectListing> effects;        ///< to draw from
  std::size_t episodes = 100;
  std::size_t recordings = 2;           ///< per episode, each rendered with the same settings
  std::size_t halves = 2;               ///< 2: of each recording, to hear the same settings on other content; 1: all
  std::size_t effects_per_episode = 4;  ///< drawn for each; with no effects the clips stay dry
  std::size_t settings = 6;             ///< drawn for each of these effects
  bool differences = true;              ///< measure how different any two settings of an episode sound
  bool half_precision = false;          ///< keep inputs in 16 bits: for images
  std::uint64_t seed = 0;
  std::size_t workers = 0;  ///< render workers, 0: one per core
};

/// One render, as a network sees it.
struct EpisodeExample {
  at::Tensor input;           ///< of the front end's shape
  std::size_t setting = 0;    ///< of its episode; 0 is dry
  std::size_t recording = 0;  ///< of its episode
  std::size_t half = 0;
};

/// The same settings of a few effects on a few contents.
struct Episode {
  std::vector<EpisodeExample> examples;
  /// [settings, settings] mean absolute difference of log-mel levels (dB, RenderSketcher) on the first halves, the mean
  /// over the recordings; NaN where a render failed. Undefined when it was not asked for.
  at::Tensor difference;
  std::vector<std::string> effects;  ///< names, by setting; "dry" first
};

/// Renders episodes. What effects are fed with is at -18 LUFS, mono, 24 kHz, at most 5.5 s of each half,
/// where most is happening. Episode i depends
/// on the options and i alone, not on the number of workers. Effects that cannot be opened are left out, renders that
/// fail too.
/// @throws Error invalid_argument for no files, no effects to be told apart, or recordings that are all too short or
/// silent; cancelled.
std::vector<Episode> render_episodes(const EpisodeOptions& options, const FrontEndChoice& front_end,
                                     const Progress& progress, const std::stop_token& stop);

}  // namespace soundalike::training
