#include "soundalike/stft.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "soundalike/error.hpp"

using namespace soundalike;

namespace {

std::vector<float> sine(double hz, double amplitude, std::size_t frames, double rate) {
  std::vector<float> out(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    out[i] = static_cast<float>(amplitude * std::sin(2.0 * std::numbers::pi * hz * double(i) / rate));
  }
  return out;
}

/// What a filterbank makes of a spectrum that is 1 in one bin: the column of its matrix.
std::vector<float> response(const MelFilterbank& mel, std::size_t bins, std::size_t bin) {
  std::vector<float> spectrum(bins);
  spectrum[bin] = 1.0f;
  std::vector<float> out(mel.bands());
  mel.apply(spectrum.data(), out.data());
  return out;
}

}  // namespace

TEST_CASE("sine_on_a_bin_peaks_there_with_half_the_windows_sum") {
  const auto audio = sine(1500.0, 0.5, 24000, 24000.0);  // bin 64 of 1024
  const auto stft = stft_magnitudes(audio, {.fft_size = 1024, .hop = 256});
  CHECK(stft.bins == 513);
  CHECK(stft.frames == 24000 / 256 + 1);
  for (std::size_t i = 2; i + 3 < stft.frames; ++i) {
    const float* row = stft.frame(i);
    CHECK(std::max_element(row, row + stft.bins) - row == 64);
    CHECK(row[64] == doctest::Approx(0.5 * 0.5 * 512.0).epsilon(1e-5));  // amplitude / 2 times the sum of the window
    CHECK(row[63] == doctest::Approx(row[64] / 2).epsilon(1e-4));        // Hann: neighbours at half
    CHECK(row[67] < 1e-3f);
  }
}

TEST_CASE("centred_frames_see_the_audio_mirrored_at_its_ends") {
  std::vector<float> audio(64);
  for (std::size_t i = 0; i < audio.size(); ++i) audio[i] = float(i * i % 17) - 8.0f;
  std::vector<float> mirrored;
  for (std::size_t i = 16; i > 0; --i) mirrored.push_back(audio[i]);
  mirrored.insert(mirrored.end(), audio.begin(), audio.end());
  for (std::size_t i = 0; i < 16; ++i) mirrored.push_back(audio[62 - i]);
  const auto centred = stft_magnitudes(audio, {.fft_size = 32, .hop = 8});
  const auto plain = stft_magnitudes(mirrored, {.fft_size = 32, .hop = 8, .center = false});
  CHECK(centred.frames == 9);
  CHECK(centred.frames == plain.frames);
  CHECK(centred.values == plain.values);
}

TEST_CASE("short_window_sits_in_the_middle_of_its_frame") {
  std::vector<float> click(64);
  click[32] = 1.0f;  // where a centred window of 16 in a frame of 64 is 1
  const auto stft = stft_magnitudes(click, {.fft_size = 64, .window_size = 16, .hop = 64, .center = false});
  REQUIRE(stft.frames == 1);
  for (std::size_t k = 0; k < stft.bins; ++k) CHECK(stft.values[k] == doctest::Approx(1.0));
}

TEST_CASE("audio_too_short_and_bad_options_are_refused") {
  const std::vector<float> audio(512);
  CHECK_THROWS_AS(stft_magnitudes(audio, {.fft_size = 1024, .hop = 256}), Error);
  CHECK_THROWS_AS(stft_magnitudes(audio, {.fft_size = 514, .hop = 256, .center = false}), Error);
  CHECK_THROWS_AS(stft_magnitudes(audio, {.fft_size = 256, .hop = 0}), Error);
  CHECK_THROWS_AS(stft_magnitudes(audio, {.fft_size = 256, .window_size = 512, .hop = 64}), Error);
  CHECK(stft_magnitudes(audio, {.fft_size = 1022, .hop = 256}).frames == 3);  // the longest that can be mirrored
}

TEST_CASE("no_mel_band_is_empty_and_none_peaks_above_one") {
  for (const std::size_t bands : {8u, 40u, 128u, 512u}) {
    for (const std::size_t fft_size : {512u, 2048u}) {
      const MelFilterbank mel(bands, 30.0, 12000.0, fft_size, SampleRate{24000});
      REQUIRE(mel.bands() == bands);
      std::vector<float> peak(bands);
      for (std::size_t k = 0; k <= fft_size / 2; ++k) {
        const auto column = response(mel, fft_size / 2 + 1, k);
        for (std::size_t b = 0; b < bands; ++b) peak[b] = std::max(peak[b], column[b]);
      }
      for (const float p : peak) {
        CHECK(p >= 0.5f);
        CHECK(p <= 1.0f);
      }
    }
  }
}

TEST_CASE("mel_bands_are_centred_where_they_say_and_share_the_axis") {
  const MelFilterbank mel(40, 0.0, 8000.0, 65536, SampleRate{16000});  // bins far narrower than bands
  const double bin_hz = 16000.0 / 65536.0;
  for (std::size_t b = 0; b < 40; ++b) {
    const auto column = response(mel, 32769, std::size_t(std::lround(mel.center_hz(b) / bin_hz)));
    CHECK(column[b] == doctest::Approx(1.0).epsilon(2e-3));
    // Between the first and the last centre neighbouring triangles add up to one.
    if (b > 0) {
      const double between = 0.3 * mel.center_hz(b - 1) + 0.7 * mel.center_hz(b);
      const auto shared = response(mel, 32769, std::size_t(std::lround(between / bin_hz)));
      CHECK(shared[b - 1] + shared[b] == doctest::Approx(1.0).epsilon(2e-3));
    }
  }
  // HTK scale: equal steps of 2595 log10(1 + f / 700).
  const auto to_mel = [](double hz) { return 2595.0 * std::log10(1.0 + hz / 700.0); };
  CHECK(to_mel(mel.center_hz(20)) == doctest::Approx(21.0 / 41.0 * to_mel(8000.0)));
}

TEST_CASE("mel_bands_outside_the_spectrum_are_refused") {
  CHECK_THROWS_AS(MelFilterbank(0, 0.0, 8000.0, 512, SampleRate{16000}), Error);
  CHECK_THROWS_AS(MelFilterbank(8, 0.0, 8001.0, 512, SampleRate{16000}), Error);
  CHECK_THROWS_AS(MelFilterbank(8, 500.0, 500.0, 512, SampleRate{16000}), Error);
}
