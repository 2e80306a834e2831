#pragma once

#include <memory>
#include <span>
#include <vector>

#include "soundalike/controller_training.hpp"
#include "soundalike/mrstft.hpp"
#include "train/clips.hpp"
#include "train/rigs.hpp"

namespace soundalike::training {

/// How far a render is from the one it should be: prepared once per target.
class RenderLoss {
 public:
  /// @throws Error invalid_argument for an unknown spectral distance.
  RenderLoss(AudioView target, const RenderLossOptions& options);
  /// Safe from many threads. @throws Error invalid_argument for other lengths.
  double of(AudioView render) const;

 private:
  RenderLossOptions options_;
  AudioBuffer target_;
  double level_ = 0.0;  // RMS
  Mrstft spectral_;
};

/// One render that is wanted: some half of a recording with full settings [parameters].
struct RenderJob {
  const ClipPair* clip = nullptr;
  std::size_t input = 0;
  std::vector<float> settings;
};

/// Renders inputs through one chain at whatever rates they have; all jobs of one rate in one BatchRenderer call.
/// `consume` as BatchRenderer has it, on several threads.
void render_inputs(Rigs& rigs, std::span<const RenderJob> jobs, const BatchRenderer::Consume& consume,
                   const std::stop_token& stop);

}  // namespace soundalike::training
