#pragma once

#include <span>
#include <vector>

#include "soundalike/controller_training.hpp"
#include "train/clips.hpp"
#include "train/rigs.hpp"

namespace soundalike::training {

/// How far renders are from the one they should be, one number each. Safe from many threads.
/// @throws Error invalid_argument for an unknown spectral distance, or other lengths.
std::vector<double> render_losses(std::span<const AudioView> renders, AudioView target,
                                  const RenderLossOptions& options);
double render_loss(AudioView render, AudioView target, const RenderLossOptions& options);

/// One render that is wanted: some half of a recording with full settings [parameters].
struct RenderJob {
  const ClipPair* clip = nullptr;
  std::size_t input = 0;
  std::vector<float> settings;
};

/// Renders inputs through one chain at whatever rates they have; all jobs of one rate in one BatchRenderer call.
/// `consume` as BatchRenderer has it, on several threads, without the warm-up.
void render_inputs(Rigs& rigs, std::span<const RenderJob> jobs, const BatchRenderer::Consume& consume,
                   const std::stop_token& stop);

}  // namespace soundalike::training
