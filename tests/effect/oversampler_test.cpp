#include "effect/oversampler.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

using namespace soundalike;

TEST_CASE("oversampling_nothing_delays_by_its_latency_exactly") {
  for (const double frequency : {100.0, 3000.0, 15000.0}) {  // at 48 kHz; a quarter of a frame would be 0.5 at the last
    CAPTURE(frequency);
    const auto sine = [&](int n) { return std::sin(2.0 * std::numbers::pi * frequency * n / 48000.0); };
    Oversampler oversampler;
    double worst = 0.0;
    for (int n = 0; n < 4800; ++n) {
      const float out = oversampler(static_cast<float>(sine(n)), [](float x) { return x; });
      if (n >= 200) worst = std::max(worst, std::abs(out - sine(n - static_cast<int>(Oversampler::latency))));
    }
    CHECK(worst < 2e-3);  // the filters are flat within 0.01 dB
  }
}
