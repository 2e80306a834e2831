#include "data/formant_voice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "soundalike/level.hpp"

namespace soundalike {
namespace {

constexpr std::size_t moving = 5, formant_count = 9;
using Formants = std::array<double, moving>;

// Of a man's vowels, in Hz (Peterson and Barney 1952 for the first three).
constexpr Formants vowels[] = {
    {270, 2290, 3010, 3500, 4400}, {390, 1990, 2550, 3500, 4400}, {530, 1840, 2480, 3500, 4400},
    {660, 1720, 2410, 3500, 4400}, {730, 1090, 2440, 3400, 4400}, {570, 840, 2410, 3400, 4400},
    {440, 1020, 2240, 3400, 4400}, {300, 870, 2240, 3400, 4400},  {640, 1190, 2390, 3400, 4400},
    {490, 1350, 1690, 3300, 4400}, {500, 1500, 2500, 3500, 4400}};
// Those above stay: without their skirts the ones below would be too weak.
constexpr std::array<double, formant_count> bandwidths{70, 90, 130, 200, 250, 350, 450, 550, 650};
constexpr std::array<double, formant_count - moving> upper{5400, 6400, 7400, 8400};

enum class Manner { stop, fricative, nasal, glide };
// Where the formants go, and for noise its centre and width.
struct Consonant {
  Manner manner;
  bool voiced;
  double second_hz, noise_hz, noise_width_hz, gain;
};
constexpr Consonant consonants[] = {{Manner::stop, false, 900, 800, 900, 0.5},
                                    {Manner::stop, true, 900, 800, 900, 0.35},
                                    {Manner::stop, false, 1750, 4200, 2500, 0.6},
                                    {Manner::stop, true, 1750, 3800, 2500, 0.4},
                                    {Manner::stop, false, 2100, 1900, 900, 0.6},
                                    {Manner::stop, true, 2100, 1900, 900, 0.4},
                                    {Manner::fricative, false, 1750, 6500, 2600, 0.55},
                                    {Manner::fricative, true, 1750, 6200, 2600, 0.35},
                                    {Manner::fricative, false, 1900, 3200, 1500, 0.6},
                                    {Manner::fricative, false, 1100, 5000, 6000, 0.2},
                                    {Manner::fricative, true, 1100, 5000, 6000, 0.15},
                                    {Manner::fricative, false, 1500, 1500, 2500, 0.25},
                                    {Manner::nasal, true, 1000, 0, 0, 0},
                                    {Manner::nasal, true, 1700, 0, 0, 0},
                                    {Manner::glide, true, 1050, 0, 0, 0},
                                    {Manner::glide, true, 1300, 0, 0, 0},
                                    {Manner::glide, true, 2200, 0, 0, 0},
                                    {Manner::glide, true, 700, 0, 0, 0}};

constexpr double noise_level = 0.25;  // of fricatives against vowels

// What the mouth does from here on.
struct Target {
  double seconds = 0.1;
  Formants formants{};
  double voicing = 0.0, noise = 0.0, noise_hz = 4000.0, noise_width_hz = 2000.0;
  double pitch_octaves = 0.0;
};

// Two poles; unity gain at 0 Hz (Klatt 1980, equations 1 and 2).
class Resonator {
 public:
  void tune(double hz, double width_hz, double rate) {
    c_ = -std::exp(-2.0 * std::numbers::pi * width_hz / rate);
    b_ = 2.0 * std::exp(-std::numbers::pi * width_hz / rate) * std::cos(2.0 * std::numbers::pi * hz / rate);
    a_ = 1.0 - b_ - c_;
  }
  double next(double x) {
    const double y = a_ * x + b_ * one_ + c_ * two_;
    two_ = one_;
    one_ = y;
    return y;
  }

 private:
  double a_ = 1.0, b_ = 0.0, c_ = 0.0, one_ = 0.0, two_ = 0.0;
};

Formants scaled(Formants formants, double tract) {
  for (double& hz : formants) hz *= tract;
  return formants;
}

// A plan of `seconds`: phrases of words of syllables, with pauses between.
std::vector<Target> babble(const Voice& voice, double seconds, Rng& rng) {
  std::vector<Target> plan;
  double planned = 0.0;
  const auto push = [&](Target target) {
    planned += target.seconds;
    plan.push_back(target);
  };
  const auto rest = [&](double length) { push({.seconds = length, .formants = scaled(vowels[10], voice.tract)}); };
  rest(rng.uniform(0.05, 0.3));
  while (planned < seconds) {
    const int syllables = 5 + static_cast<int>(rng.below(14));
    const double rise = rng.uniform() < 0.25 ? 1.2 : -1.0;  // some phrases are questions
    for (int s = 0; s < syllables; ++s) {
      const double along = static_cast<double>(s) / syllables;
      const bool stressed = rng.uniform() < 0.35;
      const double pitch = voice.liveliness * ((0.5 - along) + (along > 0.8 ? 0.8 * rise : 0.0) +
                                               (stressed ? 0.8 : 0.0) + 0.25 * rng.normal());
      const double length =
          voice.syllable_seconds * rng.uniform(0.7, 1.3) * (stressed ? 1.3 : 0.95) * (s + 1 == syllables ? 1.5 : 1.0);
      const Formants vowel = scaled(vowels[rng.below(std::size(vowels))], voice.tract);
      const double loud = (stressed ? 1.0 : 0.75) * (1.0 - 0.35 * along);
      const auto consonant = [&](double most) {
        const Consonant& which = consonants[rng.below(std::size(consonants))];
        Formants formants = vowel;
        formants[0] = 280.0 * voice.tract;
        formants[1] = 0.6 * which.second_hz * voice.tract + 0.4 * vowel[1];
        Target target{.seconds = length * most * rng.uniform(0.7, 1.2),
                      .formants = formants,
                      .noise_hz = which.noise_hz * std::sqrt(voice.tract),
                      .noise_width_hz = which.noise_width_hz,
                      .pitch_octaves = pitch};
        const double voiced = which.voiced ? loud : 0.0;
        if (which.manner == Manner::stop) {
          target.voicing = 0.12 * voiced;
          push(target);  // closed
          target.seconds = which.voiced ? 0.012 : 0.035;
          target.noise = which.gain * loud;
          target.voicing = 0.4 * voiced;
        } else {
          target.noise = which.gain * loud;
          target.voicing = (which.manner == Manner::fricative ? 0.4
                            : which.manner == Manner::nasal   ? 0.45
                                                              : 0.7) *
                           voiced;
        }
        push(target);
      };
      if (rng.uniform() < 0.85) consonant(0.35);
      push({.seconds = length * 0.65, .formants = vowel, .voicing = loud, .pitch_octaves = pitch});
      if (rng.uniform() < 0.35) consonant(0.3);
    }
    rest(rng.uniform(0.12, 0.6));
  }
  return plan;
}

}  // namespace

Voice draw_voice(Rng& rng) {
  const double high = rng.uniform();  // low voices have long tracts, mostly
  return {.pitch_hz = 85.0 * std::exp2(1.4 * high + 0.15 * rng.normal()),
          .liveliness = rng.uniform(0.1, 0.4),
          .tract = 0.92 + 0.25 * high + 0.03 * rng.normal(),
          .breath = 0.03 + 0.25 * rng.uniform() * rng.uniform(),
          .effort = rng.uniform(),
          .syllable_seconds = rng.uniform(0.15, 0.25)};
}

AudioBuffer speak(const Voice& voice, double seconds, SampleRate rate, Rng& rng) {
  const auto frames = static_cast<std::size_t>(std::llround(seconds * rate.hz));
  AudioBuffer out(1, frames, rate);
  const std::vector<Target> plan = babble(voice, seconds, rng);
  std::array<Resonator, formant_count> tract;
  Resonator hiss, nose;
  nose.tune(260.0, 120.0, rate.hz);
  std::size_t used = moving;  // as many as the rate has room for
  while (used < formant_count && upper[used - moving] * voice.tract < 0.45 * rate.hz) {
    tract[used].tune(upper[used - moving] * voice.tract, bandwidths[used], rate.hz);
    ++used;
  }
  Target now = plan[0];
  double phase = 0.0, jitter = 0.0, flow_before = 0.0, tilt = 0.0, pulse_gain = 1.0, hiss_gain = 0.0;
  const double glide = 1.0 - std::exp(-1.0 / (0.018 * rate.hz)), quick = 1.0 - std::exp(-1.0 / (0.006 * rate.hz));
  const double open = 0.7 - 0.35 * voice.effort,
               tilting = 1.0 - std::exp(-(1.5 + 4.5 * voice.effort) * 2000.0 * std::numbers::pi / rate.hz);
  std::size_t at = 0;
  for (const Target& target : plan) {
    const auto until = std::min(frames, at + static_cast<std::size_t>(target.seconds * rate.hz));
    now.noise_hz = target.noise_hz;
    now.noise_width_hz = target.noise_width_hz;
    if (target.noise > 0.0) {
      const double centre = std::min(now.noise_hz, 0.45 * rate.hz), width = now.noise_width_hz;
      hiss.tune(centre, width, rate.hz);
      hiss_gain = noise_level * width / centre * std::sqrt(rate.hz / width);  // as loud whatever its centre and width
    }
    for (; at < until; ++at) {
      now.voicing += quick * (target.voicing - now.voicing);
      now.noise += quick * (target.noise - now.noise);
      now.pitch_octaves += 0.15 * glide * (target.pitch_octaves - now.pitch_octaves);
      if (at % 16 == 0) {  // formants move slowly
        for (std::size_t f = 0; f < moving; ++f) {
          now.formants[f] += std::min(1.0, 16.0 * glide) * (target.formants[f] - now.formants[f]);
          tract[f].tune(std::min(now.formants[f], 0.45 * rate.hz), bandwidths[f], rate.hz);
        }
      }
      phase += voice.pitch_hz * std::exp2(now.pitch_octaves + jitter) / rate.hz;
      if (phase >= 1.0) {
        phase -= 1.0;
        jitter = 0.012 * rng.normal();
        pulse_gain = 1.0 + 0.06 * rng.normal();
      }
      // The flow through the glottis (Rosenberg 1971): it opens, and closes twice as fast.
      const double rising = open * 2.0 / 3.0;
      double flow = 0.0;
      if (phase < rising) {
        flow = 0.5 - 0.5 * std::cos(std::numbers::pi * phase / rising);
      } else if (phase < open) {
        flow = std::cos(0.5 * std::numbers::pi * (phase - rising) / (open - rising));
      }
      const double white = rng.uniform(-1.0, 1.0);
      const double air = voice.breath * white * (0.2 + flow);
      const double source = now.voicing * (pulse_gain * flow + 0.15 * air);
      tilt += tilting * (source - tilt);
      double x = tilt + 0.05 * now.voicing * air;
      for (std::size_t f = 0; f < used; ++f) x = tract[f].next(x);
      x = 0.85 * x + 0.15 * nose.next(tilt);
      const double noise = now.noise > 1e-4 ? hiss.next(white) : 0.0;
      // Lips radiate the change of the flow: as it is at 500 Hz, more above.
      const double radiated = (x - flow_before) * rate.hz / (2.0 * std::numbers::pi * 500.0);
      flow_before = x;
      out.samples()[at] = static_cast<float>(radiated + hiss_gain * now.noise * noise);
    }
  }
  const float peak = peak_of(out.samples());
  if (peak > 0.0f) {
    for (float& x : out.samples()) x *= 0.5f / peak;
  }
  return out;
}

}  // namespace soundalike
