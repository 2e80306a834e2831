#include "train/render_loss.hpp"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>

#include "catalogue.hpp"
#include "command.hpp"
#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "soundalike/controller_training.hpp"
#include "soundalike/loss.hpp"

using namespace soundalike;
using namespace soundalike::training;

namespace {

AudioBuffer quieter(AudioBuffer audio, float gain) {
  for (float& x : audio.samples()) x *= gain;
  return audio;
}

at::Tensor tensor_of(const AudioBuffer& audio) {
  const auto samples = audio.view().channel(0);
  return torch::from_blob(const_cast<float*>(samples.data()), {1, static_cast<std::int64_t>(samples.size())}).clone();
}

}  // namespace

TEST_CASE("every_loss_has_the_value_of_the_differentiable_one") {
  const AudioBuffer target = noise(48000, 24000.0, 1, 0.1);
  AudioBuffer render = noise(48000, 24000.0, 1, 0.05, 7);
  for (std::size_t i = 0; i < render.frames(); ++i) render.samples()[i] += 0.5f * target.samples()[i];
  const AudioBuffer other = quieter(target, 0.3f);
  const std::vector<AudioView> renders{render, other};
  for (const LossKind& kind : losses()) {
    for (const std::string prefix : {"", "matched-"}) {
      const std::string name = prefix + std::string(kind.name);
      CAPTURE(name);
      const auto loss = make_loss(name, {.sample_rate = {24000.0}});
      const auto found = RenderLoss(name).of(renders, target);
      REQUIRE(found.size() == 2);
      CHECK(found[0] == doctest::Approx((*loss)(tensor_of(render), tensor_of(target)).item<double>()).epsilon(2e-4));
      CHECK(found[0] != doctest::Approx(found[1]).epsilon(1e-3));
    }
  }
}

TEST_CASE("losses_are_weighed_and_summed_and_an_embedding_may_be_among_them") {
  const AudioBuffer target = noise(48000, 24000.0, 1, 0.1), render = noise(48000, 24000.0, 1, 0.2, 7);
  const Encoder encoder(plain_encoder("style-axes"));
  const auto value = [&](const char* text) { return RenderLoss(text, &encoder).of(render, target); };
  CHECK(value("0.5*matched-mrstft + 2*l1") == doctest::Approx(0.5 * value("matched-mrstft") + 2.0 * value("l1")));
  CHECK(value("embedding") > 0.0);
  CHECK(value("l1+0.25*embedding") == doctest::Approx(value("l1") + 0.25 * value("embedding")));
  CHECK(RenderLoss("embedding", &encoder).of(target, target) == 0.0);
  CHECK(std::isnan(RenderLoss("si-sdr").of(render, AudioBuffer(1, 48000, {24000.0}))));
}

TEST_CASE("losses_that_there_are_not_are_refused") {
  const auto refused = [](const char* text) { return thrown_by([&] { RenderLoss loss(text); }); };
  CHECK(refused("mrstf").says("known: embedding, mrstft"));
  CHECK(refused("matched-").says("unknown loss ''"));
  CHECK(refused("-1*l1").says("above 0"));
  CHECK(refused("l1+embedding").says("where the encoder learns too"));
}

TEST_CASE("the_command_line_names_every_loss_there_is") {
  const auto* command = cli::find_command("train controller");
  REQUIRE(command != nullptr);
  for (const cli::Option& option : command->options) {
    if (option.name != "loss") continue;
    for (const LossKind& kind : losses()) CHECK(option.help.find(kind.name) != std::string_view::npos);
  }
}
