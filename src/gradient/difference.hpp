#pragma once

#include <memory>
#include <span>

#include "soundalike/gradient.hpp"

namespace soundalike {

/// A knob's two places a step to either side of its setting, cut at the bounds.
struct Difference {
  Difference(float setting, const GradientKnob& knob);
  float width() const { return above - below; }  ///< the step really taken; above 0 for a knob that moves

  float below;
  float above;
};

/// Whether probes move the knob: it is meant to, and its bounds leave room.
bool moves(const GradientKnob& knob);

/// @throws Error invalid_argument unless there is one finite setting per knob.
void check_settings(std::span<const float> settings, std::size_t knobs);

std::unique_ptr<GradientEstimator> make_spsa(const GradientOptions& options);
std::unique_ptr<GradientEstimator> make_central_differences(const GradientOptions& options);

}  // namespace soundalike
