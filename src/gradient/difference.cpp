#include "gradient/difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"

namespace soundalike {

Difference::Difference(float setting, const GradientKnob& knob) {
  const double middle = std::clamp(static_cast<double>(setting), knob.lowest, knob.highest);
  below = static_cast<float>(std::max(middle - knob.step, knob.lowest));
  above = static_cast<float>(std::min(middle + knob.step, knob.highest));
}

// Two places must differ as floats: 1e-6 is 8 of their steps at 1.
bool moves(const GradientKnob& knob) { return knob.moves && knob.highest - knob.lowest > 1e-6; }

void check_settings(std::span<const float> settings, std::size_t knobs) {
  if (settings.size() != knobs) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot estimate a gradient at {} settings: the estimator was made for {} knobs",
                            settings.size(), knobs));
  }
  for (std::size_t k = 0; k < knobs; ++k) {
    if (!std::isfinite(settings[k])) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot estimate a gradient where setting {} is {}: settings are numbers in [0, 1]",
                              k + 1, settings[k]));
    }
  }
}

}  // namespace soundalike
