#include "soundalike/mrstft.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>
#include <string_view>

#include "fixtures/golden_signals.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;
using namespace golden;

namespace {

AudioBuffer buffer(const std::vector<Signal>& channels) {
  AudioBuffer out(channels.size(), channels[0].size(), rate);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    std::copy(channels[c].begin(), channels[c].end(), out.channel(c).begin());
  }
  return out;
}

struct Pair {
  AudioBuffer estimate;
  AudioBuffer target;
};

Pair pair_named(std::string_view name) {
  if (name == "stereo") {
    return {buffer({noise(1), pluck(440, 3)}), buffer({scaled(0.5f, pluck(880, 1)), noise(3)})};
  }
  const SignalPair pair = pair_of(name);
  return {buffer({pair.estimate}), buffer({pair.target})};
}

struct Golden {
  std::string_view name;
  double auraloss;
  double original;
};

// auraloss 0.4.0 in double precision; made by tools/golden/mrstft.py.
constexpr Golden goldens[] = {
    {"noise, half as loud", 1.193147181, 9.835387467},
    {"noise, other noise", 1.356780438, 12.32430532},
    {"noise, noise with 1/1024 of other noise", 0.001695096343, 0.01401604763},
    {"pluck, detuned", 0.3551560353, 0.4506414163},
    {"pluck, clipped", 1.579433967, 1.401871236},
    {"pluck, faster decay", 1.067897207, 0.8791406037},
    {"silence, pluck", 1.649796268, 2.088324586},
    {"pluck, silence", 34331.83126, 2.088324586},
    {"stereo", 11.68971897, 27.85108576},
};

}  // namespace

TEST_CASE("distance_equals_the_public_library") {
  double worst = 0.0;
  for (const Golden& golden : goldens) {
    CAPTURE(golden.name);
    const Pair pair = pair_named(golden.name);
    const double relative[] = {
        mrstft(pair.estimate, pair.target, MrstftOptions::auraloss()) / golden.auraloss - 1.0,
        mrstft(pair.estimate, pair.target, MrstftOptions::original()) / golden.original - 1.0,
    };
    for (const double error : relative) {
      CHECK(std::abs(error) < 2e-5);
      worst = std::max(worst, std::abs(error));
    }
  }
  MESSAGE("largest relative error ", worst);
}

TEST_CASE("prepared_target_gives_the_same_number") {
  for (const auto& options : {MrstftOptions::auraloss(), MrstftOptions::original()}) {
    for (const char* name : {"pluck, clipped", "stereo"}) {
      const Pair pair = pair_named(name);
      CHECK(Mrstft(pair.target, options).distance(pair.estimate) == mrstft(pair.estimate, pair.target, options));
    }
  }
}

TEST_CASE("several_estimates_have_the_numbers_of_each_alone") {
  for (const auto& options : {MrstftOptions::auraloss(), MrstftOptions::original()}) {
    const Pair pair = pair_named("stereo");
    const AudioBuffer silent(pair.target.channels(), pair.target.frames(), pair.target.sample_rate());
    const std::array<AudioView, 3> estimates{pair.estimate, pair.target, silent};
    const auto distances = mrstft(estimates, pair.target, options);
    REQUIRE(distances.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(distances[i] == Mrstft(pair.target, options).distance(estimates[i]));
    CHECK(distances[1] == 0.0);
    CHECK(mrstft(std::span<const AudioView>{}, pair.target, options).empty());
  }
}

TEST_CASE("distance_is_exactly_zero_at_equality") {
  for (const auto& options : {MrstftOptions::auraloss(), MrstftOptions::original()}) {
    for (const Signal& x : {noise(7), pluck(440, 3), silence()}) {
      CHECK(mrstft(buffer({x}), buffer({x}), options) == 0.0);
      CHECK(Mrstft(buffer({x, x}), options).distance(buffer({x, x})) == 0.0);
    }
  }
}

TEST_CASE("distance_grows_with_the_difference") {
  const AudioBuffer target = buffer({pluck(440, 3)});
  for (const auto& options : {MrstftOptions::auraloss(), MrstftOptions::original()}) {
    const Mrstft metric(target, options);
    double previous = 0.0;
    for (const float limit : {0.8f, 0.4f, 0.2f, 0.1f}) {
      const double distance = metric.distance(buffer({clipped(limit, pluck(440, 3))}));
      CHECK(distance > previous);
      previous = distance;
    }
  }
}

TEST_CASE("two_equal_channels_are_as_far_as_one") {
  const Signal a = noise(1);
  const Signal b = pluck(440, 3);
  for (const auto& options : {MrstftOptions::auraloss(), MrstftOptions::original()}) {
    const double one = mrstft(buffer({a}), buffer({b}), options);
    CHECK(mrstft(buffer({a, a}), buffer({b, b}), options) == doctest::Approx(one).epsilon(1e-12));
  }
}

TEST_CASE("full_scale_clicks_and_silence_give_finite_numbers") {
  Signal click = silence();
  click[frames / 2] = 1.0f;
  for (const auto& options : {MrstftOptions::auraloss(), MrstftOptions::original()}) {
    CHECK(std::isfinite(mrstft(buffer({click}), buffer({silence()}), options)));
    CHECK(std::isfinite(mrstft(buffer({silence()}), buffer({click}), options)));
  }
}

TEST_CASE("other_shapes_and_short_audio_are_refused") {
  const auto options = MrstftOptions::auraloss();
  const AudioBuffer x = buffer({noise(1)});
  CHECK_THROWS_AS(mrstft(x, buffer({noise(1), noise(2)}), options), Error);
  CHECK_THROWS_AS(mrstft(x.view().excerpt(0, frames - 1), x, options), Error);
  CHECK_THROWS_AS(mrstft(AudioView(x.channel(0).data(), 1, frames, frames, SampleRate{48000}), x, options), Error);
  CHECK_THROWS_AS(mrstft(x, x, MrstftOptions{}), Error);
  CHECK_THROWS_AS(mrstft(AudioBuffer{}, AudioBuffer{}, options), Error);
  const AudioBuffer longest_refused = buffer({noise(1, 1024)});
  CHECK_THROWS_AS(mrstft(longest_refused, longest_refused, options), Error);
  const AudioBuffer shortest = buffer({noise(1, 1025)});  // half the largest FFT can be mirrored
  CHECK(mrstft(shortest, shortest, options) == 0.0);
  CHECK_THROWS_AS(Mrstft(x.view().excerpt(0, 16384), MrstftOptions::original()), Error);
}
