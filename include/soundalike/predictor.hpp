#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soundalike/controller.hpp"
#include "soundalike/encoder.hpp"

namespace soundalike {

/// A stored model that can be found by name or effect.
struct ModelListing {
  Checkpoint outline;          ///< without tensors' numbers
  std::filesystem::path file;  ///< empty: built into the program
  std::size_t bytes = 0;       ///< of the file
};

/// All models: those in the folder $SOUNDALIKE_MODELS, then in $XDG_DATA_HOME/soundalike/models (else
/// ~/.local/share/soundalike/models), then those built into the program; by name within each. Reads their headers only.
/// Files that do not end in .salmodel are none.
/// @throws Error not_found when $SOUNDALIKE_MODELS is no folder; as read_checkpoint_outline() for a broken file.
std::vector<ModelListing> list_models();
/// @throws Error as read_checkpoint().
Checkpoint load_model(const ModelListing& model);

/// The encoder of that name among list_models(), or in the file of that name when it ends in .salmodel.
/// @throws Error not_found naming the known ones and the nearest; as list_models(), read_checkpoint() and Encoder.
Encoder open_encoder(const std::string& name);

/// A controller with the encoder that it needs: two recordings in, settings out, in milliseconds.
///
///   if (auto predictor = find_predictor({"lv2:http://drobilla.net/plugins/mda/Overdrive"})) {
///     auto knobs = predictor->predict(input, reference);
///   }
///
/// Const methods, safe from many threads.
class Predictor {
 public:
  /// @param others among them, by digest, what the controller needs.
  /// @throws Error as Controller and Encoder; not_found, naming what is missing.
  Predictor(const Checkpoint& controller, std::span<const Checkpoint> others);

  const Controller& controller() const { return controller_; }
  const Encoder& encoder() const { return encoder_; }
  /// One per knob of controller().effects(). The recordings are best given as they are matched: excerpts of some
  /// seconds, the input as loud as the effect sees it.
  std::vector<KnobPrediction> predict(AudioView input, AudioView reference) const;

 private:
  Controller controller_;
  Encoder encoder_;
};

/// The first of list_models() that controls exactly these effects, in this order; none when there is none.
/// @param effects ids. @throws Error as list_models() and Predictor.
std::optional<Predictor> find_predictor(std::span<const std::string> effects);
/// A controller from a file; what it needs is looked for among the files beside it, then in list_models().
Predictor load_predictor(const std::filesystem::path& controller);

}  // namespace soundalike
