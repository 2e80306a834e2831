#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/embedder.hpp"
#include "soundalike/map_outline.hpp"

namespace soundalike::latent {

/// For an effect with a controller: "p_hat_<id>" for each knob that it predicts from dry and wet, and
/// "prediction_error", the mean difference to the true settings (of categories: 1 if they differ). It listens through
/// the encoder it learnt with, whatever the map's own is. Without a controller, or with one for another version of the
/// effect, there are none. Const methods, safe from many threads.
class PredictionColumns {
 public:
  /// @param clip dry. @param embedder the map's: where it is the controller's too, a render is encoded once.
  PredictionColumns(const MapOutline& outline, AudioView clip, const Embedder& embedder);
  ~PredictionColumns();

  const std::vector<MapColumn>& columns() const { return columns_; }
  /// Tells controllers apart; empty without one.
  std::string digest() const;
  /// One number per column. @param embedding by the map's embedder; settings in parameters() order.
  std::vector<float> of(AudioView wet, std::span<const float> embedding, std::span<const float> settings) const;

 private:
  struct State;
  std::unique_ptr<State> state_;  // null without columns
  std::vector<MapColumn> columns_;
};

}  // namespace soundalike::latent
