#pragma once

#include <vector>

#include "style/features.hpp"
#include "style/model.hpp"

namespace soundalike::style {

/// (feature - mean) / variability, clipped; 0 for features the view does not carry.
struct Standardiser {
  std::vector<float> mean;
  std::vector<float> inverse;  // 1 / variability, 0 when not carried
  void apply(std::vector<float>& features) const;
};

/// @throws Error invalid_argument when the model was fitted on other features.
Standardiser make_standardiser(const FeatureExtractor& extractor, const Model& model);

}  // namespace soundalike::style
