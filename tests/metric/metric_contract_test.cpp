#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>
#include <string>

#include "fixtures/signals.hpp"
#include "soundalike/error.hpp"
#include "soundalike/metric.hpp"

using namespace soundalike;

namespace {

constexpr double rate = 24000.0;

/// Something like music: a chord whose parts come and go, over noise.
AudioBuffer tune(double seconds = 2.0, std::size_t channels = 2, std::uint64_t seed = 1) {
  const auto frames = static_cast<std::size_t>(seconds * rate);
  AudioBuffer audio = noise(frames, rate, channels, 0.02, seed);
  for (std::size_t c = 0; c < channels; ++c) {
    for (const double hz : {220.0, 1103.0, 3500.0}) {
      for (std::size_t i = 0; i < frames; ++i) {
        const double t = static_cast<double>(i) / rate;
        const double beat = 0.5 + 0.5 * std::sin(2.0 * std::numbers::pi * (3.0 + hz / 700.0 + double(c)) * t);
        audio.channel(c)[i] += static_cast<float>(0.1 * beat * beat * std::sin(2.0 * std::numbers::pi * hz * t));
      }
    }
  }
  return audio;
}

AudioBuffer mixed(const AudioBuffer& a, float gain, const AudioBuffer& b) {
  AudioBuffer out(a.view());
  for (std::size_t i = 0; i < out.samples().size(); ++i) out.samples()[i] += gain * b.samples()[i];
  return out;
}

AudioBuffer in_channels(std::size_t channels, const AudioBuffer& mono) {
  AudioBuffer out(channels, mono.frames(), mono.sample_rate());
  for (std::size_t c = 0; c < channels; ++c) std::ranges::copy(mono.channel(0), out.channel(c).begin());
  return out;
}

bool takes_mono(const Metric& metric) { return metric.needs.channels != 2; }

}  // namespace

TEST_CASE("every_row_is_complete_and_found_by_its_name") {
  std::set<std::string_view> names;
  for (const Metric* metric : metrics()) {
    CAPTURE(metric->name);
    CHECK(names.insert(metric->name).second);
    CHECK(&find_metric(metric->name) == metric);
    CHECK_FALSE(metric->summary.empty());
    CHECK_FALSE(metric->source.empty());
  }
}

TEST_CASE("an_unknown_name_is_answered_with_the_nearest") {
  try {
    find_metric("mrstf");
    FAIL("found");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("did you mean 'mrstft'?") != std::string::npos);
  }
}

TEST_CASE("the_target_itself_is_best_and_more_noise_is_worse") {
  const AudioBuffer clean = tune();
  const AudioBuffer other = noise(clean.frames(), rate, clean.channels(), 0.5, 9);
  const MetricAudio target(clean);
  for (const Metric* metric : metrics()) {
    CAPTURE(metric->name);
    const double sign = metric->better == Direction::lower ? 1.0 : -1.0;
    double before = -std::numeric_limits<double>::infinity();
    for (const float gain : {0.0f, 0.03f, 0.3f}) {
      CAPTURE(gain);
      const MetricValue found = metric->measure(mixed(clean, gain, other), target);
      REQUIRE_MESSAGE(found.value, found.failure);
      CHECK(sign * *found.value > before);
      before = sign * *found.value;
      if (gain == 0.0f && metric->better == Direction::lower) CHECK(*found.value == 0.0);
    }
  }
}

TEST_CASE("features_kept_from_before_change_no_number") {
  const AudioBuffer clean = tune(), first = tune(2.0, 2, 5), second = tune(2.0, 2, 6);
  const MetricAudio kept(clean);
  for (const Metric* metric : metrics()) (void)metric->measure(first, kept);
  for (const Metric* metric : metrics()) {
    CAPTURE(metric->name);
    CHECK(metric->measure(second, kept).value == metric->measure(second, clean).value);
  }
}

TEST_CASE("two_equal_channels_are_as_far_as_one") {
  const AudioBuffer a = tune(2.0, 1, 5), b = tune(2.0, 1, 6);
  for (const Metric* metric : metrics()) {
    if (!takes_mono(*metric)) continue;
    CAPTURE(metric->name);
    const MetricValue one = metric->measure(a, b);
    const MetricValue two = metric->measure(in_channels(2, a), in_channels(2, b));
    REQUIRE_MESSAGE(one.value, one.failure);
    REQUIRE_MESSAGE(two.value, two.failure);
    CHECK(*two.value == doctest::Approx(*one.value).epsilon(1e-6));
  }
}

TEST_CASE("targets_too_long_to_be_kept_measure_as_those_that_are") {
  // Mono is short enough to be kept, the same in both channels is not.
  const AudioBuffer a = noise(600'000, rate, 1, 0.5, 5), b = noise(600'000, rate, 1, 0.5, 6);
  for (const auto* name : {"mrstft", "mrstft-original", "mss"}) {
    CAPTURE(name);
    const Metric& metric = find_metric(name);
    const MetricValue streamed = metric.measure(in_channels(2, a), in_channels(2, b));
    CHECK(*streamed.value == doctest::Approx(*metric.measure(a, b).value).epsilon(1e-9));
  }
  const Metric& metric = find_metric("mrstft-sum-difference");
  const AudioBuffer x = tune(25.0, 2, 5), y = tune(25.0, 2, 6);  // 1.2 million samples
  const double whole = *metric.measure(x, y).value;
  const double kept = *metric.measure(x.view().excerpt(0, 500'000), y.view().excerpt(0, 500'000)).value;
  CHECK(whole == doctest::Approx(kept).epsilon(0.02));
}

TEST_CASE("other_shapes_are_refused_with_the_numbers") {
  const AudioBuffer target = tune();
  const AudioBuffer mono = tune(2.0, 1);
  const AudioBuffer shorter(target.view().excerpt(0, 40000));
  const AudioBuffer other_rate(2, target.frames(), SampleRate{44100.0});
  for (const Metric* metric : metrics()) {
    CAPTURE(metric->name);
    for (const auto& [output, number] :
         {std::pair(&mono, "1 channel of 48000"), std::pair(&shorter, "40000"), std::pair(&other_rate, "44100 Hz")}) {
      const MetricValue found = metric->measure(*output, target);
      CHECK_FALSE(found.value);
      CHECK_MESSAGE(found.failure.find(number) != std::string::npos, found.failure);
    }
  }
  CHECK_THROWS_WITH_AS(check_comparable(other_rate, target), doctest::Contains("44100 Hz"), Error);
  CHECK_NOTHROW(check_comparable(target, target));
}

TEST_CASE("nan_infinity_and_nothing_at_all_are_failures") {
  const AudioBuffer clean = tune();
  const AudioBuffer nothing(2, 0, SampleRate{rate});
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    AudioBuffer broken(clean.view());
    broken.channel(1)[777] = bad;
    for (const Metric* metric : metrics()) {
      CAPTURE(metric->name);
      CHECK(metric->measure(broken, clean).failure == "the output holds NaN or infinite samples");
      CHECK(metric->measure(clean, broken).failure == "the target holds NaN or infinite samples");
      CHECK(metric->measure(nothing, nothing).failure.find("empty") != std::string::npos);
      CHECK_FALSE(metric->measure(AudioView{}, AudioView{}).failure.empty());
    }
  }
}

TEST_CASE("silence_clicks_and_short_clips_give_a_finite_number_or_a_reason") {
  const AudioBuffer full = tune(2.5);
  for (const double seconds : {2.0, 0.1, 0.001, 1.0 / rate}) {
    const auto frames = static_cast<std::size_t>(seconds * rate + 0.5);
    CAPTURE(frames);
    const AudioBuffer sounding(full.view().excerpt(100, frames));
    const AudioBuffer silent(2, frames, SampleRate{rate});
    AudioBuffer click(silent.view());
    click.channel(0)[frames / 2] = 1.0f;
    AudioBuffer loud(sounding.view());
    for (float& x : loud.samples()) x *= 1e6f;
    const std::array<const AudioBuffer*, 4> all{&sounding, &silent, &click, &loud};
    for (const Metric* metric : metrics()) {
      CAPTURE(metric->name);
      for (const AudioBuffer* output : all) {
        for (const AudioBuffer* target : all) {
          const MetricValue found = metric->measure(*output, *target);
          CHECK(found.value.has_value() == found.failure.empty());
          if (found.value) CHECK(std::isfinite(*found.value));
        }
      }
      if (metric->needs.sounding_target && seconds == 2.0) {
        CHECK(metric->measure(sounding, silent).failure == "the target is silent");
      }
    }
  }
}

TEST_CASE("any_sample_rate_is_measured") {
  for (const double hz : {4000.0, 11025.0, 44101.0, 192000.0, 384000.0}) {
    CAPTURE(hz);
    const auto frames = std::max<std::size_t>(33000, static_cast<std::size_t>(1.6 * hz));
    const AudioBuffer a = noise(frames, hz, 2, 0.5, 3), b = noise(frames, hz, 2, 0.25, 4);
    const MetricAudio target(b);
    for (const Metric* metric : metrics()) {
      CAPTURE(metric->name);
      const MetricValue found = metric->measure(a, target);
      CHECK_MESSAGE(found.value, found.failure);
    }
  }
}

TEST_CASE("what_a_metric_says_it_needs_is_what_it_takes") {
  const AudioBuffer full = tune();
  for (const Metric* metric : metrics()) {
    CAPTURE(metric->name);
    const auto least =
        std::max(metric->needs.frames, static_cast<std::size_t>(std::ceil(metric->needs.seconds * rate)));
    REQUIRE(least < full.frames());
    const AudioView enough = full.view().excerpt(0, least), less = full.view().excerpt(0, least - 1);
    const MetricValue found = metric->measure(enough, enough);
    CHECK_MESSAGE(found.value, found.failure);
    CHECK_FALSE(metric->measure(less, less).value);
    const AudioView mono(full.channel(0).data(), 1, full.frames(), full.frames(), full.sample_rate());
    CHECK(metric->measure(mono, mono).value.has_value() == takes_mono(*metric));
  }
}
