// Each built-in effect against the equations it is made after.
#include <array>
#include <cmath>
#include <vector>

#include "builtin_effects.hpp"
#include "signals.hpp"
#include "soundalike/decibels.hpp"

using namespace soundalike;
using Complex = std::complex<double>;

namespace {

/// The analogue frequency, in units of the centre, that the bilinear transform takes to `hz`.
Complex warped(double hz, double centre, double rate) {
  const auto half_tan = [rate](double f) { return std::tan(std::numbers::pi * f / rate); };
  return Complex(0.0, half_tan(hz) / half_tan(centre));
}

}  // namespace

TEST_CASE("eq_bands_have_the_magnitude_of_their_analogue_prototypes") {
  constexpr double rate = 48000.0;
  for (const double gain : {-12.0, 7.5}) {
    const double a = std::pow(10.0, gain / 40.0), root = std::sqrt(a) * std::sqrt(2.0);
    const auto g = static_cast<float>(gain);
    const auto low = BuiltinRig{"eq", {{"low_freq", 200.0f}, {"low_gain", g}}}.impulse_response(1 << 15);
    const auto mid =
        BuiltinRig{"eq", {{"mid1_freq", 1000.0f}, {"mid1_gain", g}, {"mid1_q", 3.0f}}}.impulse_response(1 << 15);
    const auto high = BuiltinRig{"eq", {{"high_freq", 5000.0f}, {"high_gain", g}}}.impulse_response(1 << 15);
    for (const double hz : {40.0, 150.0, 200.0, 700.0, 1000.0, 1400.0, 5000.0, 9000.0, 18000.0, 23000.0}) {
      CAPTURE(hz);
      Complex s = warped(hz, 200.0, rate);
      CHECK(decibels(response_at(low.channel(0), hz, rate)) ==
            doctest::Approx(decibels(a * (s * s + root * s + a) / (a * s * s + root * s + 1.0))).epsilon(1e-3));
      s = warped(hz, 1000.0, rate);
      CHECK(std::abs(decibels(response_at(mid.channel(0), hz, rate)) -
                     decibels((s * s + s * (a / 3.0) + 1.0) / (s * s + s / (a * 3.0) + 1.0))) < 1e-3);
      s = warped(hz, 5000.0, rate);
      CHECK(std::abs(decibels(response_at(high.channel(0), hz, rate)) -
                     decibels(a * (a * s * s + root * s + 1.0) / (s * s + root * s + a))) < 1e-3);
    }
  }
}

TEST_CASE("filter_has_the_response_of_its_analogue_prototype_and_its_slope") {
  constexpr double rate = 48000.0, cutoff = 1000.0, q = 2.0;
  const auto response = [&](float mode, float slope) {
    return BuiltinRig{"filter", {{"mode", mode}, {"slope", slope}, {"cutoff", 1000.0f}, {"q", 2.0f}}}.impulse_response(
        1 << 14);
  };
  for (const double hz : {60.0, 500.0, 1000.0, 1300.0, 8000.0, 20000.0}) {
    CAPTURE(hz);
    const Complex s = warped(hz, cutoff, rate), below = s * s + s / q + 1.0;
    const std::array<Complex, 4> expected{1.0 / below, s * s / below, s / q / below, (s * s + 1.0) / below};
    for (std::size_t mode = 0; mode < 4; ++mode) {
      CAPTURE(mode);
      const auto once = response(static_cast<float>(mode), 0.0f), twice = response(static_cast<float>(mode), 1.0f);
      CHECK(std::abs(response_at(once.channel(0), hz, rate) - expected[mode]) < 1e-4);
      CHECK(std::abs(response_at(twice.channel(0), hz, rate) - expected[mode] * expected[mode]) < 2e-4);
    }
  }
  const auto octave = [&](float slope) {
    const auto r = response(1.0f, slope);  // high pass, an octave far below the cutoff
    return decibels(response_at(r.channel(0), 120.0, rate)) - decibels(response_at(r.channel(0), 60.0, rate));
  };
  CHECK(octave(0.0f) == doctest::Approx(12.0).epsilon(0.01));
  CHECK(octave(1.0f) == doctest::Approx(24.0).epsilon(0.01));
}

TEST_CASE("compressor_has_the_static_curve_of_its_equation") {
  for (const float knee : {0.0f, 12.0f}) {
    for (const double level : {-40.0, -23.0, -20.0, -17.0, -6.0}) {
      CAPTURE(level);
      const BuiltinRig rig{
          "compressor", {{"threshold", -20.0f}, {"ratio", 4.0f}, {"knee", knee}, {"attack", 1.0f}, {"makeup", 0.0f}}};
      const auto out = rig(constant(static_cast<float>(from_db(level)), 48000));
      const double over = level + 20.0;
      double reduction = 2.0 * over <= -knee ? 0.0 : 0.75 * over;
      if (std::abs(2.0 * over) < knee) reduction = 0.75 * (over + knee / 2.0) * (over + knee / 2.0) / (2.0 * knee);
      CHECK(to_db(out.channel(0).back()) == doctest::Approx(level - reduction).epsilon(1e-4));
    }
  }
}

TEST_CASE("compressor_moves_by_its_time_constants") {
  constexpr double rate = 48000.0;
  const BuiltinRig rig{
      "compressor", {{"threshold", -40.0f}, {"ratio", 20.0f}, {"knee", 0.0f}, {"attack", 10.0f}, {"release", 80.0f}}};
  AudioBuffer step = constant(static_cast<float>(from_db(-10.0)), 96000);
  for (std::size_t i = 48000; i < 96000; ++i) step.channel(0)[i] = static_cast<float>(from_db(-50.0));
  const auto out = rig(step);
  const double full = 0.95 * 30.0;
  const auto reduction = [&](std::size_t i) { return to_db(step.channel(0)[i] / out.channel(0)[i]); };
  const double rest = std::exp(-1.0);
  CHECK(reduction(static_cast<std::size_t>(0.010 * rate) - 1) == doctest::Approx(full * (1.0 - rest)).epsilon(1e-3));
  CHECK(reduction(48000 + static_cast<std::size_t>(0.080 * rate) - 1) == doctest::Approx(full * rest).epsilon(1e-3));
}

TEST_CASE("compressor_treats_both_channels_alike") {
  AudioBuffer dry = noise(2, 20000, 48000);
  for (float& x : dry.channel(1)) x *= 0.1f;
  const auto wet = BuiltinRig{"compressor", {{"threshold", -30.0f}}, 48000.0, 2}(dry);
  for (std::size_t i = 0; i < 20000; i += 37) {
    CHECK(wet.channel(0)[i] * dry.channel(1)[i] ==
          doctest::Approx(wet.channel(1)[i] * dry.channel(0)[i]).epsilon(1e-4));
  }
}

TEST_CASE("limiter_never_exceeds_its_ceiling_and_passes_what_is_below") {
  AudioBuffer dry = noise(2, 48000, 48000);
  for (std::size_t i = 0; i < 48000; i += 4001) dry.channel(i % 2)[i] = 1.0f;
  for (const float ahead : {0.1f, 2.0f, 10.0f}) {
    const BuiltinRig rig{
        "limiter", {{"drive", 18.0f}, {"ceiling", -6.0f}, {"lookahead", ahead}, {"release", 20.0f}}, 48000.0, 2};
    CHECK(peak(rig(dry)) <= static_cast<float>(from_db(-6.0)));
    CHECK(peak(rig(dry)) > static_cast<float>(from_db(-6.5)));
  }
  // Far from a peak nothing is touched: look-ahead before it, and many release times after it.
  AudioBuffer spike = constant(0.1f, 48000);
  spike.channel(0)[24000] = 1.0f;
  const auto out = BuiltinRig{"limiter", {{"ceiling", -12.0f}, {"lookahead", 5.0f}, {"release", 10.0f}}}(spike);
  CHECK(out.channel(0)[24000] == doctest::Approx(from_db(-12.0)).epsilon(1e-3));
  CHECK(out.channel(0)[24000 - 241] == 0.1f);
  CHECK(out.channel(0)[24000 - 100] < 0.0999f);
  CHECK(out.channel(0)[47999] == doctest::Approx(0.1f).epsilon(1e-5));
}

TEST_CASE("saturator_makes_the_harmonics_of_its_curve") {
  constexpr double frequency = 375.0, amplitude = 0.5;  // 128 frames a period
  const std::array<double (*)(double), 4> curves{
      [](double x) { return std::tanh(x); },
      [](double x) {
        const double y = std::clamp(x, -1.0, 1.0);
        return y - y * y * y / 3.0;
      },
      [](double x) { return std::clamp(x, -1.0, 1.0); },
      [](double x) { return std::sin(x); },
  };
  for (std::size_t curve = 0; curve < 4; ++curve) {
    for (const float bias : {0.0f, 0.3f}) {
      CAPTURE(curve);
      CAPTURE(bias);
      const BuiltinRig rig{"saturator",
                           {{"curve", static_cast<float>(curve)}, {"drive", 12.0f}, {"bias", bias}, {"output", 0.0f}}};
      const auto out = rig(sine(amplitude, frequency, 48000 * 2));
      const std::span<const float> steady = out.channel(0).subspan(90000, 128 * 32);
      for (int harmonic = 1; harmonic <= 5; ++harmonic) {
        CAPTURE(harmonic);
        Complex sum = 0.0;  // the Fourier integral over one period
        constexpr int points = 4096;
        for (int n = 0; n < points; ++n) {
          const double phase = 2.0 * std::numbers::pi * n / points;
          sum += curves[curve](from_db(12.0) * amplitude * std::sin(phase) + bias) * std::polar(1.0, -harmonic * phase);
        }
        const double expected = std::abs(sum) / points;
        const double found =
            std::abs(response_at(steady, frequency * harmonic, 48000.0)) / static_cast<double>(steady.size());
        CHECK(std::abs(found - expected) < 2e-3);
      }
    }
  }
}

TEST_CASE("saturator_does_not_fold_harmonics_back") {
  // The fifth and seventh harmonics of 7 kHz lie above half the rate: folded back they would sound at 13 and 1 kHz.
  const auto out = BuiltinRig{"saturator", {{"drive", 12.0f}, {"output", 0.0f}}}(sine(0.5, 7000.0, 48000));
  const std::span<const float> steady = out.channel(0).subspan(24000, 19200);
  const double wanted = std::abs(response_at(steady, 7000.0, 48000.0));
  for (const double folded : {48000.0 - 5.0 * 7000.0, 7.0 * 7000.0 - 48000.0}) {
    CHECK(std::abs(response_at(steady, folded, 48000.0)) < 1e-4 * wanted);
  }
}

TEST_CASE("delay_repeats_at_its_time_and_falls_by_its_feedback") {
  for (const double hz : {44100.0, 48000.0}) {
    const BuiltinRig rig{"delay", {{"time", 100.0f}, {"feedback", 50.0f}, {"tone", 20000.0f}, {"mix", 100.0f}}, hz};
    const auto out = rig.impulse_response(static_cast<std::size_t>(hz));
    const auto time = static_cast<std::size_t>(0.1 * hz);
    for (std::size_t i = 0; i < out.frames(); ++i) {
      if (i < time) REQUIRE(out.channel(0)[i] == 0.0f);
    }
    CHECK(out.channel(0)[time] == 1.0f);
    // Each repeat is half of the one before, and what the low-pass spread.
    const auto energy = [&](std::size_t repeat) {
      double sum = 0.0;
      for (std::size_t i = 0; i < time / 2; ++i) sum += out.channel(0)[repeat * time + i];
      return sum;
    };
    CHECK(energy(2) == doctest::Approx(0.5).epsilon(1e-4));
    CHECK(energy(3) == doctest::Approx(0.25).epsilon(1e-4));
  }
}

TEST_CASE("delay_in_ping_pong_changes_sides") {
  const auto out =
      BuiltinRig{"delay", {{"time", 50.0f}, {"feedback", 60.0f}, {"ping_pong", 1.0f}, {"mix", 100.0f}}, 48000.0, 2}
          .impulse_response(20000);
  CHECK(out.channel(0)[2400] == 1.0f);
  CHECK(out.channel(1)[2400] == 0.0f);
  CHECK(out.channel(0)[4800] == 0.0f);
  CHECK(out.channel(1)[4800] > 0.2f);
}

TEST_CASE("chorus_without_depth_is_a_comb") {
  constexpr double rate = 48000.0;
  const BuiltinRig rig{"chorus", {{"delay", 2.0f}, {"depth", 0.0f}, {"feedback", 50.0f}, {"mix", 50.0f}}};
  const auto out = rig.impulse_response(1 << 14);
  for (const double hz : {100.0, 250.0, 333.0, 500.0, 1750.0}) {
    const Complex z = std::polar(1.0, -2.0 * std::numbers::pi * hz * 96.0 / rate);  // 2 ms are 96 frames
    CHECK(std::abs(response_at(out.channel(0), hz, rate) - (0.5 + 0.5 * z / (1.0 - 0.5 * z))) < 1e-3);
  }
}

TEST_CASE("chorus_moves_its_delay_by_its_depth_at_its_rate") {
  // A ramp tells the delay: what comes out lies behind what goes in by delay times slope.
  AudioBuffer ramp(1, 48000 * 2, {48000.0});
  for (std::size_t i = 0; i < ramp.frames(); ++i) ramp.channel(0)[i] = static_cast<float>(i) / 96000.0f;
  const auto out = BuiltinRig{"chorus", {{"delay", 10.0f}, {"depth", 3.0f}, {"rate", 1.0f}, {"mix", 100.0f}}}(ramp);
  for (std::size_t i = 4800; i < ramp.frames(); i += 4799) {
    const double behind = static_cast<double>(ramp.channel(0)[i] - out.channel(0)[i]) * 96000.0;
    const double expected = 480.0 + 144.0 * std::sin(2.0 * std::numbers::pi * static_cast<double>(i) / 48000.0);
    CHECK(behind == doctest::Approx(expected).epsilon(2e-3));
  }
}

TEST_CASE("reverb_falls_by_60_dB_in_its_decay_time") {
  constexpr double rate = 48000.0;
  for (const float decay : {0.5f, 2.0f}) {
    CAPTURE(decay);
    const BuiltinRig rig{"reverb", {{"decay", decay}, {"damping", 100.0f}, {"mix", 100.0f}}, rate};
    const auto out = rig.impulse_response(static_cast<std::size_t>(1.5 * decay * rate));
    // Schroeder's backward integration; the slope between -5 and -35 dB.
    std::vector<double> left(out.frames() + 1, 0.0);
    for (std::size_t i = out.frames(); i-- > 0;) left[i] = left[i + 1] + double{out.channel(0)[i]} * out.channel(0)[i];
    const auto time_at = [&](double db) {
      std::size_t i = 0;
      while (10.0 * std::log10(left[i] / left[0]) > db) ++i;
      return static_cast<double>(i) / rate;
    };
    CHECK(2.0 * (time_at(-35.0) - time_at(-5.0)) == doctest::Approx(decay).epsilon(0.05));
  }
}

TEST_CASE("reverb_loses_treble_sooner_when_damped") {
  constexpr double rate = 48000.0;
  const auto tail = [&](float damping, double hz) {
    const auto out =
        BuiltinRig{"reverb", {{"decay", 1.0f}, {"damping", damping}, {"mix", 100.0f}}}.impulse_response(48000);
    double sum = 0.0;  // over a band: single frequencies fall on peaks and notches
    for (int k = 0; k < 40; ++k) {
      sum += std::norm(response_at(out.channel(0).subspan(24000), hz * (1.0 + 0.01 * k), rate));
    }
    return 10.0 * std::log10(sum);
  };
  CHECK(tail(100.0f, 12000.0) - tail(20.0f, 12000.0) > 30.0);
  CHECK(std::abs(tail(100.0f, 100.0) - tail(20.0f, 100.0)) < 3.0);
}

TEST_CASE("gain_changes_level_balance_and_width") {
  const AudioBuffer dry = noise(2, 1000, 48000);
  const auto render = [&](const std::map<std::string, float>& knobs) {
    return BuiltinRig{"gain", knobs, 48000.0, 2}(dry);
  };
  const auto louder = render({{"gain", 6.0f}}), left = render({{"balance", -100.0f}}), mono = render({{"width", 0.0f}});
  for (std::size_t i = 0; i < 1000; i += 13) {
    CHECK(louder.channel(1)[i] == doctest::Approx(from_db(6.0) * dry.channel(1)[i]).epsilon(1e-5));
    CHECK(left.channel(0)[i] == doctest::Approx(dry.channel(0)[i]).epsilon(1e-5));
    CHECK(left.channel(1)[i] == 0.0f);
    CHECK(mono.channel(0)[i] == mono.channel(1)[i]);
  }
}
