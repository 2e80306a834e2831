#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "soundalike/batch_renderer.hpp"
#include "soundalike/checkpoint.hpp"
#include "soundalike/controller_network.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/event_file.hpp"
#include "soundalike/progress.hpp"
#include "soundalike/run_folder.hpp"
#include "soundalike/trainer.hpp"

namespace soundalike {

/// What a controller learns from in place of the halves of recordings: pairs drawn from anywhere in them, one following
/// the other where they are short, some at another pitch and tempo, each half after what came before it
/// (training_pair.hpp). Those of the validation split keep pitch and tempo.
struct DrawnPairs {
  std::size_t count = 0;     ///< of the train split; 0: the halves of recordings instead. 4 bytes a frame in memory
  SampleRate rate{24000.0};  ///< of all; some effects sound different at another
  double seconds = 5.5;      ///< of each half, without the warm-up; at most ControllerTrainingOptions::maximum_frames
  double warm_up_seconds = 1.0;  ///< rendered before each half, and not listened to; [0, 600]
  double stretched = 0.5;        ///< share at another pitch (two semitones at most) and tempo (a fifth), by Rubber Band
  double clean = 0.0;  ///< share in which target and reference stay dry: what needs nothing is to be left alone
};

struct ControllerTrainingOptions {
  std::vector<std::filesystem::path> data;                   ///< folders of recordings
  std::vector<std::pair<std::string, std::string>> pinned;   ///< knob, value: not predicted
  std::vector<std::pair<std::string, std::string>> fixed{};  ///< knob, value: predicted, but the same in every example
  std::size_t examples = 8000;  ///< renders to learn from; more learn finer differences and hold in more contents
  std::size_t validation_examples = 96;
  double minimum_seconds = 2.0;  ///< of each half of a recording
  double maximum_seconds = 5.5;
  std::size_t maximum_frames = 131072;  ///< of each half: bounds the cost of recordings at high rates
  /// More pairs from each recording of the train split: at other speeds, from other places. Each holds up to
  /// 4 maximum_frames bytes; what is heard in few recordings only holds for those.
  std::size_t variations = 0;
  /// As many pairs from each folder, by more variations in those with few recordings; `variations` is then the mean.
  /// Where they are many of one recording, speed and place are little: each also gets a colour of its own. The same on
  /// the validation split, so that each folder counts as much in what is best.
  bool even_folders = false;
  DrawnPairs drawn{};  ///< not with variations or even_folders
  /// Settings are drawn anew, ten times at most, where they leave less than this of the dry recording's colour
  /// (mfcc.hpp, whose too_extreme_below is usual): noise tells nothing of what it was made from. 0: any are learnt
  /// from.
  double least_similarity = 0.0;
  std::filesystem::path cache{};  ///< folder to keep examples in between runs; empty: none
  PerceptronOptions network{};
  std::size_t parts = 32;  ///< of each number's range, whose probabilities are learnt too, for the search; 0: none
  /// A controller of the same effects and encoder to go on from: its weights and the shape of its network, in place of
  /// random ones. Then no steps at all are allowed, which only finds out anew what to hedge.
  const Checkpoint* from = nullptr;
  const Checkpoint* bottleneck = nullptr;  ///< the split design: embeddings go through this, which stays as it is
  bool encoder_learns = false;  ///< the encoder too, from both stages; holds what its front end makes of all examples
                                ///< in memory, and is slow; not with a bottleneck

  TrainerOptions regression;  ///< on settings
  std::size_t regression_batch = 128;
  TrainerOptions finish;  ///< through the plugin; 0 steps: none
  std::size_t finish_batch = 12;
  std::string gradient = "spsa";  ///< name in gradient_methods()
  std::size_t perturbations = 1;
  Schedule gradient_step{ScheduleKind::linear, 4.0, 2.0, 0};  ///< times the knob's own step, from its profile
  std::optional<double> fixed_step{};                         ///< instead: the same half-width for all knobs
  bool rough_gradients = false;  ///< rough knobs too: their gradients are noise, and spoil the others'
  double settings_weight = 0.1;  ///< of the regression loss of all but smooth knobs' means during the finish
  /// What the finish makes small between the render of a prediction and that of the true settings, on the same
  /// recording: a weighted sum as make_loss() takes it, where "embedding" is the mean square distance of what the
  /// encoder hears of both. The original's 100 x L1 rewards "predict dry" where phases differ.
  std::string loss = "matched-mrstft";
  std::string judged_by = "matched-mrstft";  ///< what the best weights and the hedges are chosen by, and told
  std::size_t forest_trees = 0;  ///< over 0: a random forest of so many is fitted to the same examples, to compare with
  RendererOptions renderer{};
  std::string device = "cpu";  ///< for torch
  std::uint64_t seed = 1;
};

/// How one knob is predicted on recordings of the validation split.
struct KnobScore {
  std::string knob;
  double error = 0.0;        ///< mean absolute, normalised; 0.25 is the constant 0.5's
  double constant = 0.0;     ///< the same of the mean setting
  double bias = 0.0;         ///< mean of what is predicted minus that of the truth
  double correlation = 0.0;  ///< NaN when either does not vary
};

struct ControllerTrainingResult {
  Checkpoint controller;                ///< named after the effects; its metadata is the caller's
  std::optional<Checkpoint> encoder{};  ///< as it has become, where it learnt too
  std::string heard{};                  ///< heard_json() of its data, for the metadata
  std::size_t recordings = 0;
  std::size_t examples = 0;
  TrainingResult regression;
  TrainingResult finish;
  /// Examples in steps of the finish that a failed render left without a gradient, since it was last resumed.
  std::size_t without_gradient = 0;
  bool stopped = false;
  double dry = 0.0;            ///< mean loss of the input itself on the validation examples
  double prediction = 0.0;     ///< and of the prediction
  double mean_settings = 0.0;  ///< and of the middle of all knobs
  std::vector<KnobScore> knobs;
  /// Of the random forest, where one was asked for: the baseline of Sheng and Fazekas (2019).
  std::optional<double> forest{};
  std::vector<KnobScore> forest_knobs{};
};

/// Trains a controller: settings are drawn at random, rendered on one half of recordings of the train split and encoded
/// once; a perceptron learns to tell the settings from the embeddings of that render and of the other, dry half; then
/// its smooth knobs are finished through the plugin, by SPSA on the spectral distance between the renders of the
/// predicted and the true settings. Judged, and the best kept, on the validation split by that distance. There it is
/// found out too which knobs are set to their means (PredictedKnob::hedge).
///
/// The encoder only runs, and nothing of it is learnt, unless the options say so. A render that fails gives its example
/// no gradient. The same options and recordings give the same controller, with any number of workers and through any
/// number of resumptions.
///
/// @param chain the effects; their profiles say which knobs move, and which follow only known settings (rough ones).
/// @throws Error invalid_argument for data without usable recordings or a chain without free knobs; as train().
ControllerTrainingResult train_controller(const std::vector<EffectListing>& chain, const Checkpoint& encoder,
                                          const ControllerTrainingOptions& options, RunFolder& run, EventFile& events,
                                          const Progress& progress = {}, const std::stop_token& stop = {});

/// Encoders that need no training: "style-features" gives the thousand statistics of the style distance "features" as
/// they are, "style-axes" the 64 of "style". What a trained encoder must beat.
/// @throws Error not_found naming both.
Checkpoint plain_encoder(std::string_view name);

}  // namespace soundalike
