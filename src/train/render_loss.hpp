#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "soundalike/encoder.hpp"
#include "train/clips.hpp"
#include "train/rigs.hpp"

namespace soundalike::training {

/// How far renders are from the one they should be: a weighted sum of the losses of loss.hpp, and of "embedding", by
/// their values alone, without torch. What compares with the target's spectra makes these once for all renders.
///
/// Const and safe from many threads.
class RenderLoss {
 public:
  /// @param text as make_loss() takes it. @param encoder of "embedding"; outlives this.
  /// @throws Error invalid_argument for an unknown loss, naming all, or "embedding" without an encoder.
  explicit RenderLoss(std::string_view text, const Encoder* encoder = nullptr);

  /// One number per render, mono and of the target's length; NaN where there is none, as for a silent target.
  std::vector<double> of(std::span<const AudioView> renders, AudioView target) const;
  double of(AudioView render, AudioView target) const { return of(std::span(&render, 1), target).front(); }

 private:
  using Compare = std::function<std::vector<double>(std::span<const AudioView> renders, AudioView target)>;
  struct Term {
    double weight;
    bool matched;  // the render is brought to the target's RMS first
    Compare compare;
  };
  std::vector<Term> terms_;
};

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
