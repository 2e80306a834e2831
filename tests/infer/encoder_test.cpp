#include "soundalike/encoder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "infer/examples.hpp"
#include "soundalike/network.hpp"
#include "soundalike/resample.hpp"
#include "soundalike/style_distance.hpp"

using namespace soundalike;

namespace {

// A front end with nothing but a scaling behind it, so that what comes out can be compared with what it is made of.
Checkpoint scaling_encoder(const FrontEndChoice& front_end, float factor) {
  const EncoderInput input(front_end);
  std::size_t count = 1;
  for (const std::size_t d : input.shape()) count *= d;
  Checkpoint out{.kind = "encoder", .name = "scaling", .front_end = front_end};
  out.blocks["encode"] = {input.shape(), {{.kind = "flatten"}, {.kind = "affine", .name = "a"}}};
  out.tensors["a.weight"] = StoredTensor::of({count}, std::vector<float>(count, factor));
  out.tensors["a.bias"] = StoredTensor::of({count}, std::vector<float>(count, 0.0f));
  return out;
}

FrontEndOptions small_mel() {
  FrontEndOptions options = mel_front_end();
  options.samples = 24000;
  options.bands = 32;
  options.stft = {.fft_size = 1024, .window_size = 1024, .hop = 512};
  return options;
}

AudioBuffer joined(AudioView a, AudioView b) {
  AudioBuffer out(a.channels(), a.frames() + b.frames(), a.sample_rate());
  for (std::size_t c = 0; c < a.channels(); ++c) {
    std::ranges::copy(a.channel(c), out.channel(c).begin());
    std::ranges::copy(b.channel(c), out.channel(c).begin() + static_cast<std::ptrdiff_t>(a.frames()));
  }
  return out;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double worst = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, static_cast<double>(std::fabs(a[i] - b[i])));
  return worst;
}

}  // namespace

TEST_CASE("front_ends_keep_all_their_numbers_in_a_checkpoint") {
  for (const FrontEndOptions& options : {linear_front_end(), mel_front_end(), small_mel()}) {
    const FrontEnd front_end(options);
    const EncoderInput input(to_choice(options));
    CHECK(input.shape() == std::vector<std::size_t>{1, front_end.frames(), front_end.bins()});
    const AudioBuffer clip = noise(24000, 24000.0);
    CHECK(input.of(clip) == front_end.image(clip).values);
  }
}

TEST_CASE("an_encoder_hears_what_the_style_distance_describes") {
  const AudioBuffer clip = noise(48000, 24000.0);
  for (const char* distance : {"style", "features"}) {
    const Encoder encoder(scaling_encoder(style_front_end(distance), 2.0f));
    auto expected = make_style_distance(distance, {{24000.0}})->describe(clip);
    for (float& x : expected) x *= 2.0f;
    CHECK(encoder.encode(clip) == expected);
    CHECK(encoder.size() == expected.size());
  }
}

TEST_CASE("any_rate_and_channels_give_the_same_embedding") {
  const Encoder encoder(scaling_encoder(to_choice(small_mel()), 1.0f));
  const AudioBuffer mono = sine(440.0, 1.0, 24000.0);
  const auto expected = encoder.encode(mono);
  CHECK(largest_difference(encoder.encode(sine(440.0, 1.0, 24000.0, 2)), expected) < 1e-6);
  // The transients at both ends differ a little between rates.
  const auto resampled = encoder.encode(resample(mono, {44100.0}));
  double sum = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) sum += std::fabs(resampled[i] - expected[i]);
  CHECK(sum / static_cast<double>(expected.size()) < 0.05);
}

TEST_CASE("bands_that_a_low_rate_cannot_carry_count_as_average") {
  const Encoder encoder(scaling_encoder(style_front_end("features"), 1.0f));
  const auto names = make_style_distance("features", {{24000.0}})->feature_names();
  const auto embedding = encoder.encode(noise(22050, 11025.0));
  const auto of = [&](const char* name) {
    return embedding.at(static_cast<std::size_t>(std::ranges::find(names, name) - names.begin()));
  };
  CHECK(of("ltas.mean.30") == 0.0f);
  CHECK(of("ltas.mean.10") != 0.0f);
}

TEST_CASE("a_long_recording_is_the_mean_of_its_windows") {
  const Encoder encoder(scaling_encoder(to_choice(small_mel()), 1.0f));
  const AudioBuffer first = noise(24000, 24000.0, 1, 0.5, 1);
  const AudioBuffer second = sine(1000.0, 1.0, 24000.0);
  const auto a = encoder.encode(first);
  const auto b = encoder.encode(second);
  auto mean = a;
  for (std::size_t i = 0; i < mean.size(); ++i) mean[i] = (a[i] + b[i]) / 2.0f;
  CHECK(largest_difference(encoder.encode(joined(first, second)), mean) < 1e-6);
  // A little more than a window is still one window.
  CHECK(encoder.encode(joined(first, second.view().excerpt(0, 6000))) == a);
}

TEST_CASE("silence_has_a_finite_embedding") {
  const AudioBuffer silence(2, 48000, {48000.0});
  for (const auto& front_end : {to_choice(linear_front_end()), to_choice(mel_front_end()), style_front_end()}) {
    const auto embedding = Encoder(scaling_encoder(front_end, 1.0f)).encode(silence);
    CHECK(std::ranges::all_of(embedding, [](float x) { return std::isfinite(x); }));
  }
}

TEST_CASE("encoders_that_cannot_work_say_why") {
  const auto making = [](const Checkpoint& checkpoint) { return thrown_by([&] { Encoder{checkpoint}; }); };
  auto checkpoint = scaling_encoder(style_front_end(), 1.0f);
  checkpoint.kind = "controller";
  CHECK(making(checkpoint).says("'scaling': it is of kind 'controller', not 'encoder'"));
  checkpoint.kind = "encoder";
  checkpoint.front_end.kind = "wavelet";
  CHECK(making(checkpoint).says("front end 'wavelet': no such one; known are linear, mel, style, features"));
  checkpoint.front_end = style_front_end("features");
  CHECK(making(checkpoint).says("its block 'encode' takes [64]"));
  checkpoint.front_end = style_front_end();
  checkpoint.front_end.options["rate"] = 1.0;
  CHECK(making(checkpoint).says("unknown 'rate'"));
  checkpoint.front_end = to_choice(linear_front_end());
  checkpoint.front_end.options["hop"] = 1e9;
  CHECK(making(checkpoint).says("'hop' is 1e+09, expected 0 to 65536"));
  checkpoint.front_end.options.erase("hop");
  CHECK(making(checkpoint).says("no 'hop'"));
  const Encoder good(scaling_encoder(style_front_end(), 1.0f));
  CHECK(thrown_by([&] { good.encode(noise(400, 24000.0)); }).says("17 ms: at least 50 ms are needed"));
}
