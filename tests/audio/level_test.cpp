#include "soundalike/level.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/resample.hpp"

using namespace soundalike;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

AudioBuffer scaled(AudioView in, double gain_db) {
  AudioBuffer out(in);
  for (float& x : out.samples()) x *= static_cast<float>(from_db(gain_db));
  return out;
}

AudioBuffer joined(AudioView a, AudioView b) {
  AudioBuffer out(a.channels(), a.frames() + b.frames(), a.sample_rate());
  for (std::size_t c = 0; c < a.channels(); ++c) {
    std::copy(a.channel(c).begin(), a.channel(c).end(), out.channel(c).begin());
    std::copy(b.channel(c).begin(), b.channel(c).end(), out.channel(c).subspan(a.frames()).begin());
  }
  return out;
}

}  // namespace

TEST_CASE("a_full_scale_997_hz_sine_in_one_channel_is_minus_3_01_lufs_at_every_rate") {
  // The calibration of ITU-R BS.1770-4, annex 1. 4 kHz: the bilinear transform bends the shelf filter near Nyquist.
  for (const double rate : {4000.0, 8000.0, 22050.0, 24000.0, 44100.0, 48000.0, 96000.0, 192000.0, 384000.0}) {
    CAPTURE(rate);
    CHECK(std::abs(measure_lufs(sine(997.0, 3.0, rate, 1, 1.0)) + 3.01) < (rate < 8000.0 ? 0.2 : 0.1));
  }
}

TEST_CASE("equal_signals_in_two_channels_are_3_01_db_louder_than_one_channel") {
  CHECK(measure_lufs(sine(997.0, 2.0, 48000.0, 2)) - measure_lufs(sine(997.0, 2.0, 48000.0, 1)) ==
        doctest::Approx(3.0103).epsilon(1e-4));
}

TEST_CASE("gain_moves_loudness_by_as_many_decibels") {
  const AudioBuffer in = noise(96000, 48000.0, 2);
  CHECK(measure_lufs(scaled(in, -12.5)) - measure_lufs(in) == doctest::Approx(-12.5).epsilon(1e-4));
}

TEST_CASE("silence_between_words_is_gated_out") {
  const AudioBuffer tone = sine(997.0, 4.0, 48000.0);
  const AudioBuffer with_pause = joined(tone, AudioBuffer(1, 4 * 48000, {48000.0}));
  CHECK(std::abs(measure_lufs(with_pause) - measure_lufs(tone)) < 0.3);
}

TEST_CASE("a_100_ms_tone_is_as_loud_as_a_long_one") {
  for (const double rate : {8000.0, 24000.0, 48000.0}) {
    CAPTURE(rate);
    CHECK(std::abs(measure_lufs(sine(997.0, 0.1, rate)) - measure_lufs(sine(997.0, 5.0, rate))) < 0.1);
  }
}

TEST_CASE("loudness_does_not_jump_where_a_clip_becomes_long_enough_for_gating") {
  CHECK(std::abs(measure_lufs(sine(997.0, 0.399, 48000.0)) - measure_lufs(sine(997.0, 0.401, 48000.0))) < 0.05);
}

TEST_CASE("a_recording_below_the_absolute_gate_still_has_its_level") {
  for (const double seconds : {0.2, 1.0, 1.33}) {
    CAPTURE(seconds);
    const AudioBuffer loud = sine(997.0, seconds, 24000.0);
    CHECK(std::abs(measure_lufs(scaled(loud, -90.0)) - (measure_lufs(loud) - 90.0)) < 0.1);
  }
}

TEST_CASE("sound_after_the_last_whole_block_is_heard_when_all_blocks_are_gated") {
  // 1 s of silence, then 50 ms of tone: no whole block of the 100 ms grid holds the tone.
  const AudioBuffer tone = sine(997.0, 0.05, 48000.0);
  const AudioBuffer late = joined(AudioBuffer(1, 48000, {48000.0}), tone);
  CHECK(std::abs(measure_lufs(late) - (measure_lufs(tone) + 10.0 * std::log10(0.05 / 1.05))) < 0.05);
}

TEST_CASE("silence_has_no_level_and_no_crest") {
  for (const std::size_t frames : {0u, 1u, 100u, 96000u}) {
    CAPTURE(frames);
    const Levels levels = measure_levels(AudioBuffer(2, frames, {48000.0}));
    CHECK(levels.peak_db == -infinity);
    CHECK(levels.true_peak_db == -infinity);
    CHECK(levels.rms_db == -infinity);
    CHECK(levels.lufs == -infinity);
    CHECK(levels.crest_db == 0.0);
  }
}

TEST_CASE("a_sine_has_a_crest_of_3_01_db_and_a_square_wave_none") {
  const Levels levels = measure_levels(sine(1000.0, 1.0, 48000.0, 2, 0.5));
  CHECK(levels.peak_db == doctest::Approx(to_db(0.5)).epsilon(1e-4));
  CHECK(levels.rms_db == doctest::Approx(to_db(0.5) - 3.0103).epsilon(1e-4));
  CHECK(levels.crest_db == doctest::Approx(3.0103).epsilon(1e-4));
  AudioBuffer square(1, 4800, {48000.0});
  for (std::size_t i = 0; i < 4800; ++i) square.channel(0)[i] = i / 24 % 2 ? 1.0f : -1.0f;
  CHECK(measure_levels(square).rms_db == doctest::Approx(0.0));
  CHECK(measure_levels(square).crest_db == doctest::Approx(0.0));
}

TEST_CASE("peak_counts_negative_samples_and_every_channel") {
  AudioBuffer in(2, 1000, {48000.0});
  in.channel(1)[500] = -0.25f;
  CHECK(measure_levels(in).peak_db == doctest::Approx(to_db(0.25)));
}

TEST_CASE("true_peak_finds_the_top_between_samples") {
  // A quarter of the rate at 45 degrees: every sample lies 3.01 dB below the top of the wave. Over 96 kHz the
  // oversampling is 2, which still lands on the top; from 192 kHz on there is none, and the sample peak is given.
  for (const double rate : {8000.0, 24000.0, 44100.0, 48000.0, 96000.0}) {
    CAPTURE(rate);
    AudioBuffer in(1, 9600, {rate});
    for (std::size_t i = 0; i < in.frames(); ++i) {
      in.channel(0)[i] = static_cast<float>(0.5 * std::sin(std::numbers::pi * (static_cast<double>(i) / 2.0 + 0.25)));
    }
    const Levels levels = measure_levels(in);
    CHECK(levels.peak_db == doctest::Approx(to_db(0.5) - 3.0103).epsilon(1e-3));
    CHECK(std::abs(levels.true_peak_db - to_db(0.5)) < 0.3);
  }
}

TEST_CASE("true_peak_is_never_below_the_sample_peak") {
  for (const double rate : {8000.0, 48000.0, 96000.0, 192000.0, 384000.0}) {
    CAPTURE(rate);
    const Levels levels = measure_levels(noise(5000, rate, 2));
    CHECK(levels.true_peak_db >= levels.peak_db);
  }
}

TEST_CASE("true_peak_hears_the_last_samples_too") {
  // Two equal samples make a top between them, wherever they stand: also at the very end.
  AudioBuffer middle(1, 1000, {48000.0});
  middle.channel(0)[500] = middle.channel(0)[501] = 0.5f;
  AudioBuffer end(1, 1000, {48000.0});
  end.channel(0)[998] = end.channel(0)[999] = 0.5f;
  CHECK(measure_levels(middle).true_peak_db > to_db(0.5) + 1.0);
  CHECK(measure_levels(end).true_peak_db == doctest::Approx(measure_levels(middle).true_peak_db));
}

TEST_CASE("a_meter_fed_in_pieces_equals_one_fed_at_once") {
  const AudioBuffer in = noise(100000, 44100.0, 2);
  const Levels whole = measure_levels(in);
  LoudnessMeter meter(2, {44100.0});
  for (std::size_t first = 0, size = 1; first < in.frames(); first += size, size = size * 3 % 7919 + 1) {
    meter.add(in.view().excerpt(first, size));
    if (first < 1000) meter.levels();  // looking does not change what is measured
  }
  const Levels pieces = meter.levels();
  CHECK(pieces.peak_db == whole.peak_db);
  CHECK(pieces.rms_db == whole.rms_db);
  CHECK(pieces.lufs == whole.lufs);
  CHECK(pieces.true_peak_db == whole.true_peak_db);
  CHECK(measure_lufs(in) == whole.lufs);
}

TEST_CASE("loudness_survives_resampling") {
  const AudioBuffer in = resample(noise(96000, 24000.0), {48000.0});
  CHECK(std::abs(measure_lufs(resample(in, {24000.0})) - measure_lufs(in)) < 0.1);
}

TEST_CASE("a_meter_refuses_audio_of_another_shape") {
  LoudnessMeter meter(2, {48000.0});
  CHECK(thrown_by([&] { meter.add(noise(10, 48000.0, 1)); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { meter.add(noise(10, 44100.0, 2)); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([] { LoudnessMeter(0, {48000.0}); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([] { LoudnessMeter(1, {0.0}); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("the_guard_gives_the_wanted_gain_or_what_fits_below_the_ceiling") {
  CHECK(guard_gain_db(-10.0, 6.0) == 6.0);
  CHECK(guard_gain_db(-10.0, 12.0) == 9.0);
  CHECK(guard_gain_db(2.0, 0.0) == -3.0);
  CHECK(guard_gain_db(-10.0, 12.0, 0.0) == 10.0);
  CHECK(guard_gain_db(-infinity, 40.0) == 40.0);
}
