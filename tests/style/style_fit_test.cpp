#include "soundalike/style_fit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

namespace {

/// Noise through a one-pole low-pass of coefficient `k`: an effect with one knob.
AudioBuffer dulled(std::uint64_t seed, double k) {
  AudioBuffer out(1, 24000, SampleRate{16000});
  Rng rng(seed);
  double state = 0.0;
  for (float& x : out.samples()) {
    state += k * (0.1 * rng.normal() - state);
    x = static_cast<float>(state);
  }
  return out;
}

std::string fitted() {
  const StyleFeatures features({SampleRate{16000}});
  StyleFit fit;
  Rng rng(3);
  for (std::uint64_t group = 0; group < 4; ++group) {
    std::vector<std::vector<float>> first;
    std::vector<std::vector<float>> second;
    for (int i = 0; i < 6; ++i) {
      const double k = std::exp(-3.0 * rng.uniform());
      first.push_back(features.extract(dulled(10 * group, k)));
      second.push_back(features.extract(dulled(10 * group + 1, k)));
    }
    fit.add(features, first, second);
  }
  return fit.model({.rank = 4}, R"({"command": "test"})");
}

}  // namespace

TEST_CASE("a_fitted_model_hears_the_effect_through_other_content") {
  const std::string model = fitted();
  CHECK(model == fitted());
  const auto style = make_style_distance("style", {SampleRate{16000}}, model);
  const auto a = style->describe(dulled(100, 0.2));
  const double same = style->distance(a, style->describe(dulled(101, 0.2)));
  const double other = style->distance(a, style->describe(dulled(101, 0.4)));
  CHECK(same < 0.5 * other);
}

TEST_CASE("broken_models_are_refused_with_the_reason") {
  const StyleView view{SampleRate{16000}};
  CHECK_THROWS_AS(make_style_distance("style", view, "nonsense"), Error);
  CHECK_THROWS_WITH_AS(make_style_distance("style", view, R"({"format": 2})"), doctest::Contains("format"), Error);
  std::string renamed = fitted();
  renamed.replace(renamed.find("level.active"), 5, "LEVEL");
  CHECK_THROWS_WITH_AS(make_style_distance("style", view, renamed), doctest::Contains("other features"), Error);
}

TEST_CASE("a_fit_needs_pairs") {
  const StyleFeatures features({SampleRate{16000}});
  StyleFit fit;
  const std::vector<std::vector<float>> one{features.extract(dulled(1, 0.5))};
  CHECK_THROWS_AS(fit.add(features, one, one), Error);
  CHECK_THROWS_AS(fit.model({}, "{}"), Error);
}
