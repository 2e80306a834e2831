#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// A differentiable distance between waveforms.
///
///   auto loss = make_loss("mrstft+0.1*l1", {});
///   auto wet = renders.requires_grad_();                            // [batch, frames]
///   auto upstream = torch::autograd::grad({(*loss)(wet, target).sum()}, {wet})[0];
///
/// One number per example, which depends on nothing else in the batch. Safe from many threads; the STFT losses spread
/// over torch's threads and give the same bits for any number of them.
class Loss {
 public:
  virtual ~Loss() = default;
  /// @param estimate, target [batch, frames] of one type, on one device. Differentiable in the estimate; in the target
  ///        too where that requires a gradient.
  /// @return [batch]; finite, and so is its gradient, for silence on either side.
  /// @throws Error invalid_argument for other shapes, or fewer frames than least_frames().
  at::Tensor operator()(const at::Tensor& estimate, const at::Tensor& target) const;
  /// As make_loss() takes it.
  virtual std::string name() const = 0;
  virtual std::size_t least_frames() const { return 1; }

 protected:
  virtual at::Tensor compare(const at::Tensor& estimate, const at::Tensor& target) const = 0;
};

struct LossOptions {
  SampleRate sample_rate{24000.0};  ///< where the mel bands lie
};

struct LossKind {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<Loss> (*make)(const LossOptions& options);
};
/// One row per loss; all are 0 for equals and never below, but si-sdr, which has no lower end.
std::span<const LossKind> losses();

/// One part of a weighted sum.
struct LossTerm {
  double weight = 1.0;  ///< above 0
  std::string name;
};
/// "0.5*a+b": the parts of a text as make_loss() takes it, whatever they name.
/// @throws Error invalid_argument for a weight that is not above 0.
std::vector<LossTerm> parse_loss(std::string_view text);

/// A weighted sum: terms joined by "+", each a name of losses() or "matched-" and a name, with an optional weight in
/// front: "mrstft", "matched-mrstft+0.1*l1". The matched forms bring the estimate to the target's RMS level first, so
/// that loudness does not count.
/// @throws Error invalid_argument for an unknown name, naming all, and for a weight that is not above 0.
std::unique_ptr<Loss> make_loss(std::string_view text, const LossOptions& options);

/// Mean square difference of what an encoder makes of both: [batch, frames] -> [batch, dimensions]. The encoder stays
/// as it is, and the caller sees to it that it is frozen.
std::unique_ptr<Loss> make_embedding_loss(std::function<at::Tensor(const at::Tensor&)> encoder);

/// Weighted mean square difference of settings, both [batch, knobs]: what there is to learn from where the settings are
/// known. @param weights [knobs], >= 0; an undefined tensor means equal weights.
/// @return [batch]; 0 where all weights are. @throws Error invalid_argument for other shapes.
at::Tensor parameter_loss(const at::Tensor& predicted, const at::Tensor& known, const at::Tensor& weights = {});

}  // namespace soundalike
