#pragma once

#include "soundalike/differentiable_effect.hpp"

namespace soundalike {

/// Rows of the table; shapes are checked before, and everything is double precision.
extern const DifferentiableEffect differentiable_eq;
extern const DifferentiableEffect differentiable_compressor;

/// Checks the shapes for a row's render().
void check_shapes(const DifferentiableEffect& effect, const at::Tensor& audio, const at::Tensor& plain);

}  // namespace soundalike
