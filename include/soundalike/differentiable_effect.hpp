#pragma once

#include <ATen/core/Tensor.h>

#include <span>
#include <string_view>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// A built-in effect in torch's operations: the sound of "builtin:<name>" to rounding, and the exact gradient in its
/// knobs. What gradient estimators are measured against, and what training through a plugin is compared with.
///
///   auto plain = torch::tensor({{-24.0, 4.0, 6.0, 5.0, 100.0, 0.0, 100.0}}).requires_grad_();
///   auto wet = find_differentiable_effect("compressor").render(dry, plain, {24000});
///
/// Computed in double precision.
struct DifferentiableEffect {
  std::string_view name;
  std::span<const std::string_view> parameters;  ///< ids, in the effect's order
  /// @param audio [batch, frames], mono. @param plain [batch, parameters], in the units of the effect's knobs.
  /// @return [batch, frames] in the type of `audio`. @throws Error invalid_argument for other shapes.
  at::Tensor (*render)(const at::Tensor& audio, const at::Tensor& plain, SampleRate rate);
};

/// One row per effect: "eq", "compressor".
std::span<const DifferentiableEffect> differentiable_effects();
/// @throws Error not_found, naming all.
const DifferentiableEffect& find_differentiable_effect(std::string_view name);

}  // namespace soundalike
