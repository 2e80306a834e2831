#pragma once

#include <torch/torch.h>

namespace soundalike::model {

struct Quantised {
  at::Tensor values;  ///< [n, C, H, W]: the code nearest to each position
  at::Tensor codes;   ///< [n * H * W] long: which, positions row by row
};

/// Each position of x [n, C, H, W] to the nearest code (squared Euclidean distance) of codebook [codes, C]; no
/// gradient.
Quantised quantise(const at::Tensor& x, const at::Tensor& codebook);

/// A codebook that follows the encoder by moving averages instead of gradients (van den Oord et al. 2017, appendix
/// A.1).
///
/// Codes that nobody has used for a while are put where the encoder now is (Dhariwal et al. 2020, random restart), so
/// that the codebook does not die.
class Quantiser : public torch::nn::Module {
 public:
  /// @param codebook [codes, C], shared: updated in place.
  explicit Quantiser(const at::Tensor& codebook);

  /// Moves the codes towards the positions that chose them, in training.
  void update(const at::Tensor& x, const at::Tensor& codes);
  /// exp of the entropy of the codes' use: 1 when one is used, as many as there are when all are used alike.
  static double perplexity(const at::Tensor& codes, std::int64_t count);

 private:
  at::Tensor codebook_;
  at::Tensor uses_;  // [codes] moving average of how often
  at::Tensor sums_;  // [codes, C] moving average of the sum of what chose it
};

}  // namespace soundalike::model
