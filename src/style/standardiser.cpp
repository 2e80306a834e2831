#include "style/standardiser.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "soundalike/error.hpp"

namespace soundalike::style {

void Standardiser::apply(std::vector<float>& features) const {
  for (std::size_t i = 0; i < features.size(); ++i) {
    features[i] = std::clamp((features[i] - mean[i]) * inverse[i], -clip, clip);
  }
}

Standardiser make_standardiser(const FeatureExtractor& extractor, const Model& model) {
  const auto& names = extractor.names();
  if (model.names.size() < names.size() || !std::equal(names.begin(), names.end(), model.names.begin())) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot use this style model: it was fitted on {} other features than the {} of this program; "
                    "fit it again with soundalike-style-lab fit",
                    model.names.size(), names.size()));
  }
  Standardiser out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    out.mean.push_back(model.mean[i]);
    out.inverse.push_back(extractor.mask()[i] ? 1.0f / model.variability[i] : 0.0f);
  }
  return out;
}

}  // namespace soundalike::style
