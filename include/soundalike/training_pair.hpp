#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/augment.hpp"
#include "soundalike/dataset.hpp"
#include "soundalike/manifest.hpp"
#include "soundalike/recording_store.hpp"

namespace soundalike {

/// One example for a controller, without any effect: `data` knows no plugins. Both recordings are dry, of the same
/// source and other content, and begin with `warm_up` frames of what came before, so that an effect's tails and
/// envelopes are under way when the part that counts begins.
///
///   target     = render(pair.input, settings)       // or the input itself, when pair.clean
///   reference  = render(pair.reference, settings)   // the same
///   prediction = render(pair.input, predicted)
///   loss       = distance(from(prediction, pair.warm_up), from(target, pair.warm_up))
///
/// Every render starts from silence and hears the same warm-up, so perfect settings give a loss of exactly zero.
struct TrainingPair {
  std::uint64_t index = 0;
  AudioBuffer input;        ///< [channels x (warm_up + frames)]
  AudioBuffer reference;    ///< the same shape
  std::size_t warm_up = 0;  ///< frames to cut from every render before anything is compared
  bool clean = false;       ///< target and reference stay dry
};

/// What follows when a recording ends before the excerpt does.
enum class Continuation {
  none,   ///< nothing: recordings that are too short are not used
  group,  ///< the next recordings of the same group (speaker, song); groups that are too short are not used
  any,    ///< the rest of the group, then other groups, drawn at random: everything is used
};

struct PairOptions {
  std::uint64_t seed = 0;
  std::size_t count = 2500;      ///< size() of the dataset; get() takes any number, e.g. over many epochs
  std::size_t frames = 131072;   ///< of each half, without the warm-up
  double warm_up_seconds = 1.0;  ///< what comes before each half; more suits longer tails and costs render time
  Continuation continuation = Continuation::any;
  double silence_db = -50.0;  ///< a half with an RMS below this (dBFS) before any gain is silent, and drawn anew
  std::optional<AugmentOptions> augment = AugmentOptions{};  ///< absent: never
  double clean_probability = 0.1;
  std::optional<double> loudness_lufs = -18.0;  ///< of input and reference each; absent: as recorded
  double loudness_range_db = 0.0;               ///< moves the loudness of each by a uniform draw of +- this
  double peak_db = -0.1;                        ///< ... but no sample above this
  double fade_seconds = 0.05;                   ///< raised-cosine fades at both ends of input and reference
  std::size_t tries = 1000;                     ///< draws before giving up on an example
};

/// Pairs from the halves of excerpts: group drawn first, then a recording of it, then the place; then pitch and tempo;
/// then cut in two halves [warm-up | A | B], each with the warm-up before it, and a coin tells which half is the input.
/// Example i depends on (seed, i), the recordings and the options alone.
class TrainingPairs final : public Dataset<TrainingPair> {
 public:
  /// @throws Error invalid_argument for no recordings, or options out of range, naming the option.
  TrainingPairs(std::vector<Recording> recordings, std::shared_ptr<RecordingStore> store, PairOptions options = {});
  ~TrainingPairs() override;

  std::size_t size() const override;
  /// @throws Error invalid_argument when `tries` draws found nothing: how many were too short, silent or unreadable.
  TrainingPair get(std::size_t i) const override;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

}  // namespace soundalike
