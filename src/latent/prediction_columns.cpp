#include "latent/prediction_columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "latent/json_reader.hpp"
#include "soundalike/predictor.hpp"

namespace soundalike::latent {

struct PredictionColumns::State {
  Predictor predictor;
  std::vector<std::size_t> parameters;  // of the effect, by the controller's knob
  std::vector<float> dry;
  bool shared = false;  // encoder
};

PredictionColumns::PredictionColumns(const MapOutline& outline, AudioView clip, const Embedder& embedder) {
  auto predictor = find_predictor(std::array{outline.effect});
  if (!predictor) return;
  std::vector<std::size_t> parameters;
  std::vector<MapColumn> columns;
  for (const auto& knob : predictor->controller().effects().front().knobs) {
    const auto found = std::ranges::find(outline.parameters, knob.parameter, &Parameter::id);
    if (found == outline.parameters.end() || !is_name(knob.parameter)) return;  // made for another version
    parameters.push_back(static_cast<std::size_t>(found - outline.parameters.begin()));
    columns.push_back({"p_hat_" + knob.parameter, ColumnKind::error, ""});
  }
  columns.push_back({"prediction_error", ColumnKind::error, ""});
  auto dry = predictor->encoder().encode(clip);
  const bool shared = predictor->encoder().digest() == embedder.digest();
  state_ = std::make_unique<State>(State{std::move(*predictor), std::move(parameters), std::move(dry), shared});
  columns_ = std::move(columns);
}
PredictionColumns::~PredictionColumns() = default;

std::string PredictionColumns::digest() const { return state_ ? state_->predictor.controller().digest() : ""; }

std::vector<float> PredictionColumns::of(AudioView wet, std::span<const float> embedding,
                                         std::span<const float> settings) const {
  if (!state_) return {};
  const auto& knobs = state_->predictor.controller().effects().front().knobs;
  std::vector<float> encoded;
  if (!state_->shared) {
    encoded = state_->predictor.encoder().encode(wet);
    embedding = encoded;
  }
  const auto predicted = state_->predictor.controller().predict(state_->dry, embedding);
  std::vector<float> result;
  double error = 0.0;
  for (std::size_t k = 0; k < knobs.size(); ++k) {
    result.push_back(predicted[k].setting);
    const auto truth = static_cast<double>(settings[state_->parameters[k]]),
               guess = static_cast<double>(predicted[k].setting);
    const auto n = static_cast<double>(knobs[k].categories);
    error += knobs[k].categories == 0                         ? std::abs(truth - guess)
             : std::floor(truth * n) == std::floor(guess * n) ? 0.0
                                                              : 1.0;
  }
  result.push_back(static_cast<float>(error / static_cast<double>(knobs.size())));
  return result;
}

}  // namespace soundalike::latent
