#include "soundalike/phase.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "fixtures/errors.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

namespace {

/// Plucked notes over a little noise.
std::vector<float> tune(std::size_t samples) {
  std::vector<float> audio(samples);
  Rng rng(3);
  for (std::size_t i = 0; i < samples; ++i) {
    const double t = static_cast<double>(i) / 24000.0;
    const double hz = 220.0 * std::exp2(std::fmod(std::floor(t * 4.0) * 5.0, 12.0) / 12.0);
    double sum = 0.0;
    for (int k = 1; k <= 6; ++k) sum += std::sin(6.283185307 * hz * k * t) / k;
    audio[i] = static_cast<float>(0.2 * sum * std::exp(-6.0 * std::fmod(t, 0.25)) + 0.003 * rng.normal());
  }
  return audio;
}

double largest_difference(std::span<const float> a, std::span<const float> b) {
  REQUIRE(a.size() == b.size());
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(double{a[i]} - double{b[i]}));
  return most;
}

constexpr StftOptions usual{.fft_size = 1024, .window_size = 1024, .hop = 256};

}  // namespace

TEST_CASE("the_inverse_of_an_stft_is_the_audio") {
  const auto audio = tune(20000);
  for (const StftOptions& options :
       {usual, StftOptions{4096, 2048, 1024}, StftOptions{4096, 1024, 512}, StftOptions{600, 0, 111}}) {
    CAPTURE(options.window_size);
    const Spectra spectra = stft(audio, options);
    CHECK(largest_difference(istft(spectra, options, audio.size()), audio) < 2e-6);
    const Magnitudes magnitudes = stft_magnitudes(audio, options);
    REQUIRE(spectra.values.size() == magnitudes.values.size());
    for (std::size_t i = 0; i < spectra.values.size(); i += 97) {
      CHECK(std::abs(spectra.values[i]) == doctest::Approx(magnitudes.values[i]).epsilon(1e-5).scale(1e-3));
    }
  }
}

TEST_CASE("the_inverse_is_the_least_squares_solution") {
  // No audio may fit better than what came back: not the audio before, nor a neighbour.
  const auto audio = tune(8000);
  Spectra spectra = stft(audio, usual);
  Rng rng(5);
  for (auto& value : spectra.values) {
    value += std::complex<float>(static_cast<float>(rng.normal()), static_cast<float>(rng.normal()));
  }
  for (std::size_t i = 0; i < spectra.frames; ++i) {  // spectra of real signals have real ends
    spectra.values[i * spectra.bins].imag(0.0f);
    spectra.values[(i + 1) * spectra.bins - 1].imag(0.0f);
  }
  const auto error = [&](std::span<const float> candidate) {
    const Spectra found = stft(candidate, usual);
    double sum = 0.0;
    for (std::size_t i = 0; i < found.values.size(); ++i) {
      const std::size_t bin = i % found.bins;
      const double twice = bin == 0 || bin + 1 == found.bins ? 1.0 : 2.0;  // and both halves count
      sum += twice * double{std::norm(found.values[i] - spectra.values[i])};
    }
    return sum;
  };
  auto best = istft(spectra, usual, audio.size());
  const double least = error(best);
  CHECK(least < error(audio));
  for (int trial = 0; trial < 5; ++trial) {
    auto neighbour = best;
    for (float& x : neighbour) x += static_cast<float>(1e-3 * rng.normal());
    CHECK(error(neighbour) > least);
  }
}

TEST_CASE("every_method_comes_nearer_with_iterations_and_repeats_by_seed") {
  const auto audio = tune(24000);
  const Magnitudes magnitudes = stft_magnitudes(audio, usual);
  for (const PhaseMethod& method : phase_methods()) {
    CAPTURE(std::string(method.name));
    const auto at = [&](std::size_t iterations, std::uint64_t seed) {
      return retrieve_phase(method.name, magnitudes, usual, audio.size(), {.iterations = iterations, .seed = seed});
    };
    const auto convergence = [&](std::span<const float> found) {
      return spectral_convergence(found, magnitudes, usual);
    };
    const auto reached = at(60, 1);
    CHECK(convergence(reached) < 0.5 * convergence(at(3, 1)));
    CHECK(to_db(convergence(reached)) < -15.0);
    CHECK(reached == at(60, 1));
    CHECK(reached != at(60, 2));
  }
}

TEST_CASE("the_newer_methods_beat_griffin_and_lims") {
  const auto audio = tune(24000);
  const Magnitudes magnitudes = stft_magnitudes(audio, usual);
  const auto reached = [&](std::string_view method) {
    return to_db(spectral_convergence(retrieve_phase(method, magnitudes, usual, audio.size()), magnitudes, usual));
  };
  const double plain = reached("griffin-lim");
  CHECK(reached("fast-griffin-lim") < plain - 3.0);
  CHECK(reached("admm") < plain - 3.0);
}

TEST_CASE("silence_comes_back_as_silence") {
  const std::vector<float> silence(8000);
  const Magnitudes magnitudes = stft_magnitudes(silence, usual);
  for (const PhaseMethod& method : phase_methods()) {
    const auto found = retrieve_phase(method.name, magnitudes, usual, silence.size(), {.iterations = 5});
    CHECK(found == silence);
    CHECK(spectral_convergence(found, magnitudes, usual) == 0.0);
  }
}

TEST_CASE("mel_bands_come_back_from_the_bins_found_for_them") {
  const auto audio = tune(24000);
  const StftOptions options{.fft_size = 4096, .window_size = 1024, .hop = 512};
  const MelFilterbank filterbank(256, 20.0, 12000.0, 4096, SampleRate{24000});
  const Magnitudes exact = stft_magnitudes(audio, options);
  const auto bands_of = [&](const Magnitudes& magnitudes) {
    Magnitudes powers = magnitudes;
    for (float& x : powers.values) x *= x;
    Magnitudes bands{magnitudes.frames, filterbank.bands(), {}};
    bands.values.resize(bands.frames * bands.bins);
    for (std::size_t i = 0; i < bands.frames; ++i) {
      filterbank.apply(powers.frame(i), bands.values.data() + i * bands.bins);
    }
    return bands;
  };
  const Magnitudes bands = bands_of(exact);
  const Magnitudes found = invert_mel(bands, filterbank);
  CHECK(found.frames == exact.frames);
  CHECK(found.bins == exact.bins);
  const auto distance = [](const Magnitudes& a, const Magnitudes& b) {
    double difference = 0.0, whole = 0.0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
      difference += std::pow(double{a.values[i]} - double{b.values[i]}, 2);
      whole += std::pow(double{b.values[i]}, 2);
    }
    return std::sqrt(difference / whole);
  };
  CHECK(distance(bands_of(found), bands) < 0.01);
  CHECK(distance(found, exact) < 0.35);  // what lies within a band cannot be told
  CHECK(std::ranges::all_of(found.values, [](float x) { return x >= 0.0f && std::isfinite(x); }));
}

TEST_CASE("an_image_becomes_sound_again") {
  const auto samples = tune(131072);
  AudioBuffer clip(1, samples.size(), {24000});
  std::ranges::copy(samples, clip.channel(0).begin());
  struct Case {
    FrontEndOptions options;
    double with_phases_db, without_db;
  };
  for (const Case& c : {Case{linear_front_end(), -100.0, -18.0}, Case{mel_front_end(), -28.0, -18.0}}) {
    CAPTURE(std::string(to_string(c.options.kind)));
    const FrontEnd front_end(c.options);
    const auto image = front_end.image(clip);
    const auto convergence_db = [&](const AudioBuffer& found) {
      const auto kept = AudioView(clip).excerpt(0, c.options.samples).channel(0);
      return to_db(spectral_convergence(found.channel(0), stft_magnitudes(kept, c.options.stft), c.options.stft));
    };
    const AudioBuffer with_phases = reconstruct(front_end, image, clip);
    CHECK(with_phases.frames() == c.options.samples);
    CHECK(with_phases.sample_rate() == c.options.sample_rate);
    CHECK(convergence_db(with_phases) < c.with_phases_db);
    const AudioBuffer without = reconstruct(front_end, image, "fast-griffin-lim", {.iterations = 30});
    CHECK(without.frames() == c.options.samples);
    CHECK(convergence_db(without) < c.without_db);
    MESSAGE(std::string(to_string(c.options.kind)), ": with phases ", convergence_db(with_phases), " dB, without ",
            convergence_db(without), " dB");
  }
}

TEST_CASE("sizes_and_names_that_do_not_fit_are_refused") {
  const auto audio = tune(8000);
  Spectra spectra = stft(audio, usual);
  const Magnitudes magnitudes = stft_magnitudes(audio, usual);
  CHECK(thrown_by([&] { istft(spectra, usual, 9000); }).says("32 frames x 513 bins into 9000 samples"));
  CHECK(thrown_by([&] { retrieve_phase("admm", magnitudes, usual, 9000); }).says("into 9000 samples"));
  CHECK(thrown_by([&] {
          retrieve_phase("guess", magnitudes, usual, 8000);
        }).says("known are griffin-lim, fast-griffin-lim, admm"));
  const MelFilterbank filterbank(40, 20.0, 12000.0, 1024, SampleRate{24000});
  CHECK(thrown_by([&] { invert_mel(magnitudes, filterbank); }).says("the filters have 40"));
}
