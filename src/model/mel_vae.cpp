#include "model/mel_vae.hpp"

#include "soundalike/encoder.hpp"

namespace soundalike::model {
namespace {

constexpr Kernel third{4, 3, 1};
constexpr Kernel third_again{4, 3, 1, 2};
constexpr Kernel same{3, 1, 1};
constexpr Kernel pointwise{1, 1, 0};

// x + [3x3, ReLU, 1x1](ReLU(x)): the rectified x is what is added to, as where ReLU works in place.
void residual_stack(Plan& plan, const std::string& name, const MelSizes& sizes) {
  for (std::size_t i = 0; i < sizes.layers; ++i) {
    const std::string layer = name + std::to_string(i + 1);
    plan.relu().residual([&](Plan& inside) {
      const std::size_t channels = inside.shape()[0];
      inside.conv(layer + "a", sizes.residual, same, false).relu().conv(layer + "b", channels, pointwise, false);
    });
  }
  plan.relu();
}

VariationalPlan mel_vae_of(const MelSizes& sizes, std::size_t bottleneck, std::size_t dimensions) {
  Plan trunk = mel_trunk(sizes);
  trunk.conv("squeeze", bottleneck, pointwise);
  const Shape image = trunk.shape();
  trunk.flatten();
  const Shape hidden = trunk.shape();
  Plan mean(hidden);
  mean.linear("mean", dimensions);
  Plan spread(hidden);
  spread.linear("spread", dimensions);
  Plan decode({dimensions});
  decode.linear("open", hidden[0]).relu().reshape(image).then(mel_decoder(bottleneck, sizes));
  return {std::move(trunk), std::move(mean), std::move(spread), std::move(decode)};
}

}  // namespace

Plan mel_trunk(const MelSizes& sizes) {
  Plan plan({1, 256, 256});
  plan.conv("down1", sizes.channels / 2, third).relu();
  plan.conv("down2", sizes.channels, third).relu();
  plan.conv("down3", sizes.channels, same);
  residual_stack(plan, "stack", sizes);
  return plan;
}

Plan mel_decoder(std::size_t in, const MelSizes& sizes) {
  Plan plan({in, 28, 28});
  plan.conv("up3", sizes.channels, same);
  residual_stack(plan, "unstack", sizes);
  plan.conv_transpose("up2", sizes.channels / 2, third_again).relu();
  plan.conv_transpose("up1", 1, third_again);
  return plan;
}

FrontEndChoice mel_choice() { return to_choice(mel_front_end()); }
VariationalPlan mel_vae() { return mel_vae_of({}, 8, 128); }
VariationalPlan mel_vae_small() { return mel_vae_of({.channels = 16, .residual = 8, .layers = 2}, 4, 64); }

}  // namespace soundalike::model
