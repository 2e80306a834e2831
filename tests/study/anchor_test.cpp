// The anchors against the mask of ITU-R BS.1534-3, from their impulse responses.
#include "soundalike/anchor.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "soundalike/decibels.hpp"

using namespace soundalike;

namespace {

constexpr double rates[] = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000};

struct Response {
  AudioBuffer impulse;
  std::size_t center;
  double gain_db(double hz) const {
    std::complex<double> sum;
    const double step = 2.0 * std::numbers::pi * hz / impulse.sample_rate().hz;
    for (std::size_t i = 0; i < impulse.frames(); ++i) {
      const double x = impulse.channel(0)[i];
      if (x != 0.0) sum += x * std::polar(1.0, -step * (static_cast<double>(i) - static_cast<double>(center)));
    }
    return to_db(std::abs(sum));
  }
};

Response response(double rate, double cutoff) {
  AudioBuffer click(1, 4001, {rate});
  click.channel(0)[2000] = 1.0f;
  return {low_pass_anchor(click, cutoff), 2000};
}

}  // namespace

TEST_CASE("anchors_meet_the_mask_at_every_rate") {
  for (const double cutoff : {3500.0, 7000.0}) {
    for (const double rate : rates) {
      if (rate < cutoff * 16.0 / 7.0) continue;
      CAPTURE(cutoff);
      CAPTURE(rate);
      const Response anchor = response(rate, cutoff);
      double ripple = 0.0, stop = -200.0;
      for (int i = 0; i <= 200; ++i) ripple = std::max(ripple, std::fabs(anchor.gain_db(cutoff * i / 200.0)));
      CHECK(ripple < 0.1);
      const double nyquist = rate / 2.0;
      CHECK(anchor.gain_db(std::min(cutoff * 8.0 / 7.0, nyquist)) < -25.0);
      for (int i = 0; i <= 400; ++i) {
        const double hz = cutoff * 9.0 / 7.0 + (nyquist - cutoff * 9.0 / 7.0) * i / 400.0;
        if (hz <= nyquist && hz >= cutoff * 9.0 / 7.0) stop = std::max(stop, anchor.gain_db(hz));
      }
      CHECK(stop < -50.0);
    }
  }
}

TEST_CASE("an_anchor_lies_on_its_reference_sample_by_sample") {
  for (const double rate : rates) {
    if (rate < 16000.0) continue;
    // In the pass band nothing changes but at the ends, where the filter reaches outside.
    const AudioBuffer tone = sine(1000.0, 0.2, rate, 2);
    const AudioBuffer low = low_pass_anchor(tone, 3500.0);
    CHECK(low.frames() == tone.frames());
    CHECK(low.channels() == 2);
    double worst = 0.0;
    for (std::size_t i = tone.frames() / 4; i < tone.frames() * 3 / 4; ++i) {
      worst = std::max<double>(worst, std::fabs(low.channel(1)[i] - tone.channel(1)[i]));
    }
    CAPTURE(rate);
    CHECK(worst < 0.5 * 0.012);  // a ripple of 0.1 dB; one sample late at 192 kHz would be 0.016
  }
}

TEST_CASE("an_impulse_gives_a_symmetric_answer_around_it") {
  const Response anchor = response(44100, 7000);
  const auto h = anchor.impulse.channel(0);
  for (std::size_t k = 1; k < 300; ++k) CHECK(h[2000 - k] == h[2000 + k]);
}

TEST_CASE("an_anchor_that_takes_nothing_away_is_refused") {
  const AudioBuffer tone = sine(300.0, 0.6, 8000.0);
  CHECK(low_pass_anchor(tone, 3500.0).frames() == tone.frames());
  const Thrown thrown = thrown_by([&] { low_pass_anchor(tone, 7000.0); });
  CHECK(thrown.code == ErrorCode::unsupported);
  CHECK(thrown.says("needs 16000 Hz"));
}
