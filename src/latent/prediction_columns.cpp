#include "latent/prediction_columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "latent/json_reader.hpp"
#include "soundalike/predictor.hpp"

namespace soundalike::latent {

std::vector<std::pair<MapColumn, std::vector<float>>> prediction_columns(const MapOutline& outline, AudioView clip,
                                                                         Rows embeddings, Rows settings) {
  const auto predictor = find_predictor(std::array{outline.effect});
  if (!predictor || predictor->encoder().digest() != outline.encoder_digest) return {};
  const auto& knobs = predictor->controller().effects().front().knobs;
  std::vector<std::size_t> parameters;
  std::vector<std::pair<MapColumn, std::vector<float>>> columns;
  for (const auto& knob : knobs) {
    const auto found = std::ranges::find(outline.parameters, knob.parameter, &Parameter::id);
    if (found == outline.parameters.end() || !is_name(knob.parameter)) return {};  // made for another version
    parameters.push_back(static_cast<std::size_t>(found - outline.parameters.begin()));
    columns.push_back({{"p_hat_" + knob.parameter, ColumnKind::error, ""}, {}});
  }
  columns.push_back({{"prediction_error", ColumnKind::error, ""}, {}});
  const auto dry = predictor->encoder().encode(clip);
  for (std::size_t i = 0; i < embeddings.count(); ++i) {
    const auto predicted = predictor->controller().predict(dry, embeddings[i]);
    double error = 0.0;
    for (std::size_t k = 0; k < knobs.size(); ++k) {
      columns[k].second.push_back(predicted[k].setting);
      const auto truth = static_cast<double>(settings[i][parameters[k]]),
                 guess = static_cast<double>(predicted[k].setting);
      const auto n = static_cast<double>(knobs[k].categories);
      error += knobs[k].categories == 0                         ? std::abs(truth - guess)
               : std::floor(truth * n) == std::floor(guess * n) ? 0.0
                                                                : 1.0;
    }
    columns.back().second.push_back(static_cast<float>(error / static_cast<double>(knobs.size())));
  }
  return columns;
}

}  // namespace soundalike::latent
