#include "soundalike/front_end.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"

using namespace soundalike;

namespace {

/// The signal of tools/golden/front_end.py.
AudioBuffer decaying_noise(std::size_t samples) {
  AudioBuffer out(1, samples, SampleRate{24000.0});
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < samples; ++i) {
    state = state * 1664525u + 1013904223u;
    const double white = static_cast<double>(state >> 8) / 8388608.0 - 1.0;
    out.channel(0)[i] = static_cast<float>(white * std::exp(-static_cast<double>(i) / 30000.0));
  }
  return out;
}

struct Golden {
  std::string_view name;
  std::size_t frames, bins;
  double mean, deviation;
  std::array<double, 6> values;
};
constexpr std::array<std::pair<std::size_t, std::size_t>, 6> places{
    {{0, 0}, {0, 17}, {3, 100}, {64, 200}, {100, 255}, {127, 128}}};
// tools/golden/front_end.py
constexpr std::array golden{
    Golden{"linear", 129, 2049, 1.194456, 0.5027209, {3.27635, 1.74013, 1.54717, -0.782461, -0.636301, -1.02914}},
    Golden{"mel", 256, 256, 2.510568, 2.110581, {0.311775, -0.438334, 1.665, 1.1131, 0.818781, -0.242891}},
};

constexpr std::array front_ends{linear_front_end, mel_front_end};

}  // namespace

TEST_CASE("images_equal_those_of_torch") {
  for (std::size_t i = 0; i < golden.size(); ++i) {
    const FrontEnd front_end(front_ends[i]());
    const SpectrogramImage image = front_end.image(decaying_noise(front_end.options().samples));
    CHECK(to_string(front_end.options().kind) == golden[i].name);
    REQUIRE(image.frames == golden[i].frames);
    REQUIRE(image.bins == golden[i].bins);
    CHECK(front_end.frames() == image.frames);
    CHECK(front_end.bins() == image.bins);
    CHECK(image.mean == doctest::Approx(golden[i].mean).epsilon(1e-5));
    CHECK(image.deviation == doctest::Approx(golden[i].deviation).epsilon(1e-5));
    for (std::size_t p = 0; p < places.size(); ++p) {
      // Single precision on a spectrum whose least bins are 1e-4 of its greatest.
      CHECK(std::abs(image.values[places[p].first * image.bins + places[p].second] - golden[i].values[p]) < 2e-4);
    }
  }
}

TEST_CASE("image_does_not_depend_on_the_level") {
  for (const auto& options : front_ends) {
    const FrontEnd front_end(options());
    const AudioBuffer loud = noise(front_end.options().samples, 24000.0);
    AudioBuffer quiet = loud;
    for (float& x : quiet.samples()) x *= 0.01f;
    const auto a = front_end.image(loud);
    const auto b = front_end.image(quiet);
    double worst = 0.0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
      worst = std::max(worst, static_cast<double>(std::abs(a.values[i] - b.values[i])));
    }
    CHECK(worst < 2e-3);
  }
}

TEST_CASE("image_can_be_undone_to_the_spectrum_it_shows") {
  for (const auto& options : front_ends) {
    const FrontEnd front_end(options());
    const AudioBuffer clip = noise(front_end.options().samples, 24000.0);
    const Magnitudes measured = front_end.spectrum(clip);
    const Magnitudes undone = front_end.spectrum(front_end.image(clip));
    REQUIRE(undone.values.size() == measured.values.size());
    double difference = 0.0;
    double energy = 0.0;
    for (std::size_t i = 0; i < measured.values.size(); ++i) {
      const double d = static_cast<double>(undone.values[i]) - measured.values[i];
      difference += d * d;
      energy += static_cast<double>(measured.values[i]) * measured.values[i];
    }
    CHECK(std::sqrt(difference / energy) < 1e-5);
  }
}

TEST_CASE("short_clip_is_followed_by_silence_and_a_long_one_is_cut") {
  const FrontEnd front_end(mel_front_end());
  const AudioBuffer longer = noise(150000, 24000.0);
  const AudioView whole = longer.view().excerpt(0, 130560);
  CHECK(front_end.image(longer).values == front_end.image(whole).values);
  AudioBuffer padded(1, 130560, {24000.0});
  std::copy_n(longer.channel(0).begin(), 24000, padded.channel(0).begin());
  CHECK(front_end.image(longer.view().excerpt(0, 24000)).values == front_end.image(padded).values);
}

TEST_CASE("stereo_is_looked_at_through_its_mean") {
  const FrontEnd front_end(linear_front_end());
  const AudioBuffer mono = noise(131072, 24000.0);
  AudioBuffer stereo(2, mono.frames(), {24000.0});
  for (std::size_t i = 0; i < mono.frames(); ++i) {
    stereo.channel(0)[i] = 1.5f * mono.channel(0)[i];
    stereo.channel(1)[i] = 0.5f * mono.channel(0)[i];
  }
  const auto a = front_end.image(mono);
  const auto b = front_end.image(stereo);
  for (std::size_t i = 0; i < a.values.size(); i += 97) CHECK(std::abs(a.values[i] - b.values[i]) < 1e-3f);
}

TEST_CASE("silence_gives_an_image_of_zeros_and_back_silence") {
  for (const auto& options : front_ends) {
    const FrontEnd front_end(options());
    const auto image = front_end.image(AudioBuffer(1, 130560, {24000.0}));
    for (const float x : image.values) REQUIRE(x == 0.0f);
    for (const float x : front_end.spectrum(image).values) REQUIRE(x < 1e-8f);
  }
}

TEST_CASE("front_ends_refuse_what_they_cannot_look_at") {
  const FrontEnd front_end(mel_front_end());
  CHECK(thrown_by([&] { front_end.image(noise(48000, 48000.0)); }).says("at 24000 Hz"));
  CHECK(thrown_by([&] { front_end.image(AudioBuffer(1, 0, {24000.0})); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { front_end.spectrum(SpectrogramImage{2, 2, {0, 0, 0, 0}}); }).says("makes 256 x 256"));
  CHECK(thrown_by([&] { FrontEnd(linear_front_end()).filterbank(); }).says("linear"));
  CHECK(thrown_by([] { parse_front_end_kind("cqt"); }).says("known are linear, mel"));
  FrontEndOptions options = mel_front_end();
  options.high_hz = 13000.0;
  CHECK_THROWS_AS(FrontEnd{options}, Error);
  options = linear_front_end();
  options.samples = 2048;
  CHECK(thrown_by([&] { FrontEnd{options}; }).says("at least 2049 samples"));
  options = linear_front_end();
  options.exponent = 0.0;
  CHECK_THROWS_AS(FrontEnd{options}, Error);
}
