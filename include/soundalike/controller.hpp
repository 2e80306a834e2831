#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/checkpoint.hpp"
#include "soundalike/encoder.hpp"

namespace soundalike {

/// What a controller says about one knob.
struct KnobPrediction {
  float setting = 0.5f;  ///< normalised; of categories the middle of the most probable one, (i + 0.5) / n
  float spread = 0.0f;   ///< of a number: standard deviation of the setting, 0.005 to 0.5; smaller is surer
  /// Of the categories; of a number: of equal parts of the knob's range, where the controller says them, else empty.
  std::vector<float> probabilities{};
};

/// What a knob is set to where nothing but the prediction is known.
struct KnobChoice {
  float setting = 0.5f;  ///< normalised
  bool hedged = true;    ///< of a number: it is the mean, and no guess between likely places
};

/// Where in a range from 0 to 1 the most is expected, of which these parts have these probabilities: the mean of what
/// lies within a thirty-second of the range, or a part if that is more, of the best place.
/// @param parts one and more
float likeliest_place(std::span<const float> parts);

/// Of a number the mean, but its likeliest place where that is clearly likelier (of a guess: likelier at all), as when
/// the mean lies between two likely places, and the knob is no hedge. Of categories the likeliest.
KnobChoice choose(const PredictedKnob& knob, const KnobPrediction& said);

/// Two embeddings to the settings of an effect's knobs, in one pass.
///
///   Controller controller(read_checkpoint("mda-overdrive.salmodel"));
///   auto knobs = controller.predict(encoder.encode(input), encoder.encode(reference));
///
/// Block "predict" takes the embedding of the input followed by that of the reference, or, where it needs a
/// "bottleneck", what block "compress" of that makes of them. It gives, effect by effect and knob by knob, two numbers
/// (x, log variance) for a number: setting = low + (high - low) / (1 + exp(-x)), so 0 is the middle; and one logit per
/// category, or per part of a number's range where it has such. This is the only place where outputs become settings.
/// Const methods, safe from many threads.
class Controller {
 public:
  /// @param bottleneck the checkpoint that it needs as "bottleneck", where it needs one.
  /// @throws Error invalid_argument for a checkpoint that is no controller, knobs without a place in their effect,
  ///         blocks that do not fit each other, or another bottleneck than it learnt with.
  explicit Controller(const Checkpoint& checkpoint, const Checkpoint* bottleneck = nullptr);
  ~Controller();
  Controller(Controller&&) noexcept;
  Controller& operator=(Controller&&) noexcept;

  const std::string& name() const;
  const std::string& digest() const;
  const std::vector<ControlledEffect>& effects() const;
  std::size_t embedding_size() const;

  /// One per knob of effects(), in order. @throws Error invalid_argument for embeddings of another size.
  std::vector<KnobPrediction> predict(std::span<const float> input, std::span<const float> reference) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What stands in "needs" of a checkpoint, if it does. @param role "encoder", "bottleneck"
std::optional<Dependency> dependency(const Checkpoint& checkpoint, std::string_view role);

/// How many numbers block "predict" must give for these effects.
std::size_t predicted_size(std::span<const ControlledEffect> effects);

}  // namespace soundalike
