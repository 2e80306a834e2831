#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/checkpoint.hpp"

namespace torch::nn {
class Module;
}

namespace soundalike {

/// What an encoder learns from in one step.
struct EncoderBatch {
  at::Tensor input;  ///< [n, ...]: images [n, channels, frames, bins] or features [n, count]
  /// [n, n] how different the settings of two examples sound on the same content, in dB; 0 for the same settings,
  /// NaN where nobody has listened. For encoders that learn distances.
  at::Tensor difference{};
  double beta = 0.0;  ///< weight of the Kullback-Leibler term
};

/// What is to be made small, and what it is made of.
struct EncoderLoss {
  at::Tensor loss;                      ///< a number with a gradient
  at::Tensor each{};                    ///< [n] by example, to tell which one is broken; without gradient
  std::map<std::string, double> terms;  ///< "reconstruction", "kl", "active_units", "perplexity", ...
};

/// A network that turns recordings into embeddings, as it is while it learns. `infer`'s Encoder runs what it exports.
///
///   auto network = make_encoder("mel-vae-small", 1);
///   network->module().eval();
///   at::Tensor embeddings = network->encode(images);    // [n, dimensions]: means, never samples
///   write_checkpoint("mel.salmodel", network->checkpoint());
///
/// In evaluation mode an embedding does not depend on what else is in the batch.
class EncoderNetwork {
 public:
  virtual ~EncoderNetwork() = default;

  virtual torch::nn::Module& module() = 0;
  /// Of one example: {1, 129, 2049}.
  virtual const std::vector<std::size_t>& input_shape() const = 0;
  virtual std::size_t dimensions() const = 0;
  /// [n, ...] -> [n, dimensions]
  virtual at::Tensor encode(const at::Tensor& input) = 0;
  /// In training mode with samples and batch statistics, in evaluation mode with neither.
  virtual EncoderLoss loss(const EncoderBatch& batch) = 0;
  /// [n, ...] -> the same shape: what the network can say again of its input, from the embedding of each example
  /// (of a vector quantiser: from its codes). Undefined for an encoder without a decoder.
  virtual at::Tensor reconstruct(const at::Tensor& /*input*/) { return {}; }
  /// [n, ...] -> [n, latent]: the Kullback-Leibler term of each example and dimension; undefined where there is none.
  virtual at::Tensor divergence(const at::Tensor& /*input*/) { return {}; }
  /// Block "encode"; "decode" too where there is one. Digest, version, seed and metadata are the caller's.
  virtual Checkpoint checkpoint(NumberType type = NumberType::f32) const = 0;
  /// Takes the weights of a checkpoint that checkpoint() made. @throws Error invalid_argument for another network's.
  virtual void load(const Checkpoint& from) = 0;
};

/// One row per encoder.
struct EncoderKind {
  std::string_view name;
  std::string_view summary;
  std::size_t (*parameters)();  ///< numbers it learns
  FrontEndChoice (*front_end)();
  std::unique_ptr<EncoderNetwork> (*make)(std::uint64_t seed);
};
std::span<const EncoderKind> encoder_kinds();

/// @throws Error invalid_argument naming the known encoders.
const EncoderKind& find_encoder(std::string_view name);
/// @param seed of the weights it starts with.
std::unique_ptr<EncoderNetwork> make_encoder(std::string_view name, std::uint64_t seed = 0);

}  // namespace soundalike
