#include "model/differentiable_effect.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <string>

#include "soundalike/error.hpp"

namespace soundalike {

std::span<const DifferentiableEffect> differentiable_effects() {
  static const std::array rows{differentiable_eq, differentiable_compressor};
  return rows;
}

const DifferentiableEffect& find_differentiable_effect(std::string_view name) {
  const auto rows = differentiable_effects();
  const auto row = std::ranges::find(rows, name, &DifferentiableEffect::name);
  if (row != rows.end()) return *row;
  std::string known;
  for (const auto& effect : rows) known += fmt::format("{}{}", known.empty() ? "" : ", ", effect.name);
  throw Error(ErrorCode::not_found, fmt::format("no effect '{}' has a differentiable form; known: {}", name, known));
}

void check_shapes(const DifferentiableEffect& effect, const at::Tensor& audio, const at::Tensor& plain) {
  if (audio.dim() == 2 && plain.dim() == 2 && audio.size(0) == plain.size(0) && audio.size(1) > 0 &&
      plain.size(1) == static_cast<std::int64_t>(effect.parameters.size())) {
    return;
  }
  throw Error(
      ErrorCode::invalid_argument,
      fmt::format("effect '{}' takes [batch x frames] of audio and [batch x {}] of knobs, got {} and {} "
                  "dimensions with {} and {} numbers",
                  effect.name, effect.parameters.size(), audio.dim(), plain.dim(), audio.numel(), plain.numel()));
}

}  // namespace soundalike
