#pragma once

#include <torch/torch.h>

#include <memory>
#include <span>
#include <string>

#include "soundalike/checkpoint.hpp"
#include "soundalike/controller_network.hpp"
#include "soundalike/encoder_network.hpp"

namespace soundalike::training {

/// What lies between examples and a controller's network. A frozen encoder has heard the examples before, once; one
/// that learns with the controller runs here in every step, on what its front end alone has made of them.
class Hearing {
 public:
  /// @param encoder that learns; null: examples hold embeddings.
  Hearing(ControllerNetwork& network, const Checkpoint* encoder);

  bool learns() const { return encoder_ != nullptr; }
  /// Of controller and encoder, whichever learn.
  torch::nn::Module& module() { return *both_; }
  /// [n, 2 x what an example holds] -> [n, the network's inputs]
  torch::Tensor embed(const torch::Tensor& rows);
  /// The same without gradients, a part after the other.
  torch::Tensor embed_all(const torch::Tensor& rows);
  ControllerOutput forward(const torch::Tensor& rows) { return network_.forward(embed(rows)); }
  /// [n]: of known settings, the mean over what each member of the network says by itself.
  torch::Tensor loss(const torch::Tensor& rows, const torch::Tensor& settings, std::span<const float> weights = {});
  /// The encoder as it has become. @pre learns().
  Checkpoint checkpoint(NumberType type) const { return encoder_->checkpoint(type); }

 private:
  ControllerNetwork& network_;
  std::unique_ptr<EncoderNetwork> encoder_;
  std::shared_ptr<torch::nn::Module> both_;
};

/// The front end of an encoder without its network: what examples for one that learns are made with.
Checkpoint front_end_alone(const Checkpoint& encoder);

/// The network of a stored encoder. @throws Error invalid_argument for one without weights to learn.
std::unique_ptr<EncoderNetwork> network_of(const Checkpoint& encoder);

}  // namespace soundalike::training
