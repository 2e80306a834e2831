#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace soundalike::style {

/// What a fit learnt, from models/style/style.json. Format in docs/formats.md.
struct Model {
  std::vector<std::string> names;  ///< of the features, mono ones first
  std::vector<float> mean;
  std::vector<float> variability;        ///< standard deviation over content, settings being equal
  std::size_t mono_features = 0;         ///< the projection looks at the first so many
  std::vector<std::vector<float>> axes;  ///< [rank x mono_features], for (feature - mean) / variability
  double unit = 1.0;                     ///< mean squared distance between renders of the same settings

  std::string to_json(std::string_view provenance) const;
};

/// Standardised features beyond this many deviations are clipped: one odd feature must not decide.
inline constexpr float clip = 8.0f;

/// @throws Error invalid_argument naming what is wrong.
Model parse_model(std::string_view json);

/// The model that is part of the program.
extern const std::string_view built_in_model;

}  // namespace soundalike::style
