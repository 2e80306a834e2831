#include "model/spectrogram_vae.hpp"

#include <array>

#include "soundalike/encoder.hpp"

namespace soundalike::model {
namespace {

constexpr Kernel halving{3, 2, 1};

/// Convolutions that halve both sides, each followed by ReLU and batch normalisation, in this order.
Plan halve(const Shape& input, std::span<const std::size_t> channels) {
  Plan plan(input);
  for (std::size_t i = 0; i < channels.size(); ++i) {
    plan.conv("down" + std::to_string(i + 1), channels[i], halving).relu();
    plan.batch_norm("down_norm" + std::to_string(i + 1));
  }
  return plan;
}

}  // namespace

VariationalPlan halving_vae(const Shape& input, std::span<const std::size_t> channels, std::size_t dimensions) {
  Plan trunk = halve(input, channels);
  const Shape image = trunk.shape();
  trunk.flatten();
  const Shape hidden = trunk.shape();
  Plan mean(hidden);
  mean.linear("mean", dimensions);
  Plan spread(hidden);
  spread.linear("spread", dimensions);
  Plan decode({dimensions});
  decode.linear("open", hidden[0]).relu().reshape(image);
  for (std::size_t i = channels.size() - 1; i > 0; --i) {
    decode.conv_transpose("up" + std::to_string(i + 1), channels[i - 1], halving).relu();
    decode.batch_norm("up_norm" + std::to_string(i + 1));
  }
  decode.conv_transpose("up1", input[0], halving);
  return {std::move(trunk), std::move(mean), std::move(spread), std::move(decode)};
}

namespace {

constexpr std::array<std::size_t, 4> original{8, 16, 32, 32};
constexpr std::array<std::size_t, 7> small{8, 16, 24, 32, 32, 32, 16};

}  // namespace

FrontEndChoice spectrogram_front_end() { return to_choice(linear_front_end()); }
VariationalPlan spectrogram_vae() { return halving_vae({1, 129, 2049}, original, 128); }
VariationalPlan spectrogram_vae_small() { return halving_vae({1, 129, 2049}, small, 64); }

FrontEndChoice joint_front_end() {
  FrontEndOptions options = linear_front_end();
  options.stft.window_size = 4096;
  options.stft.hop = 2048;
  return to_choice(options);
}
VariationalPlan joint_vae() { return halving_vae({2, 65, 2049}, original, 2048); }
VariationalPlan joint_vae_small() { return halving_vae({2, 65, 2049}, std::span(small).last<6>(), 64); }

}  // namespace soundalike::model
