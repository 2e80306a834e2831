#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "gradient/difference.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr std::array methods{
    GradientMethod{"spsa", "all knobs moved at once in random directions; two evaluations per perturbation", make_spsa},
    GradientMethod{"central", "central differences; two evaluations per knob", make_central_differences},
};

void check(const GradientOptions& options) {
  if (options.perturbations == 0) {
    throw Error(ErrorCode::invalid_argument,
                "cannot estimate gradients with 0 perturbations: 1 works, 4 are less noisy");
  }
  for (std::size_t k = 0; k < options.knobs.size(); ++k) {
    const GradientKnob& knob = options.knobs[k];
    if (!(knob.step >= 1e-6 && knob.step <= 1.0)) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot estimate gradients of knob {} with step {}: steps are shares of the knob's range "
                              "in [1e-6, 1], usually 0.01",
                              k + 1, knob.step));
    }
    if (!(knob.lowest >= 0.0 && knob.lowest <= knob.highest && knob.highest <= 1.0)) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot estimate gradients of knob {} in [{}, {}]: it takes 0 <= lowest <= highest <= 1",
                              k + 1, knob.lowest, knob.highest));
    }
  }
}

}  // namespace

std::span<const GradientMethod> gradient_methods() { return methods; }

std::unique_ptr<GradientEstimator> make_gradient_estimator(std::string_view name, const GradientOptions& options) {
  const auto method = std::ranges::find(methods, name, &GradientMethod::name);
  if (method == methods.end()) {
    std::string known;
    for (const GradientMethod& row : methods) known += fmt::format("{}{}", known.empty() ? "" : ", ", row.name);
    throw Error(ErrorCode::invalid_argument, fmt::format("unknown gradient method '{}'; known: {}", name, known));
  }
  check(options);
  return method->make(options);
}

}  // namespace soundalike
