#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>

#include "effect/signals.hpp"
#include "effect/vst3_modules.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;

namespace {

constexpr double hz = 48000.0;

std::unique_ptr<Effect> open(const std::string& name, std::size_t channels = 2) {
  return open_effect(vst3_test_plugin(name), {SampleRate{hz}, channels});
}

const Parameter& knob(const EffectListing& listing, const std::string& id) {
  const auto found = std::ranges::find(listing.parameters, id, &Parameter::id);
  REQUIRE_MESSAGE(found != listing.parameters.end(), "no knob " << id);
  return *found;
}

std::string error_of(const Effect& effect, const std::vector<float>& settings) {
  try {
    effect.render(noise(effect.setup().channels, 3000, hz), settings);
    return "no error";
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::plugin_failed);
    return error.what();
  }
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("vst3_parameters_say_their_kind_range_and_unit") {
  const EffectListing& listing = vst3_test_plugin("knobs");
  REQUIRE(listing.parameters.size() == 12);
  const Parameter& cutoff = knob(listing, "cutoff");
  CHECK(cutoff.logarithmic);
  CHECK(cutoff.minimum == doctest::Approx(20.0));
  CHECK(cutoff.maximum == doctest::Approx(20000.0));
  CHECK(cutoff.text(0.5f) == "632 Hz");
  // Numbers only printed for people.
  const Parameter& mix = knob(listing, "printed_mix");
  CHECK(mix.maximum == 100.0f);
  CHECK_FALSE(mix.logarithmic);
  CHECK(mix.text(0.25f) == "25 %");
  const Parameter& time = knob(listing, "printed_time");
  CHECK(time.logarithmic);
  CHECK(time.maximum == doctest::Approx(2000.0));
  CHECK(time.unit == "ms");
  // Neither linear nor logarithmic: settings, and what they mean.
  const Parameter& curve = knob(listing, "curve");
  CHECK(curve.minimum == 0.0f);
  CHECK(curve.maximum == 1.0f);
  CHECK(curve.text(0.0f) == "-inf");
  const Parameter& voices = knob(listing, "voices");
  CHECK(voices.kind == ParameterKind::integer);
  CHECK(voices.minimum == 1.0f);
  CHECK(voices.maximum == 8.0f);
  CHECK(voices.default_plain == 4.0f);
  const Parameter& shape = knob(listing, "shape");
  REQUIRE(shape.kind == ParameterKind::choice);
  REQUIRE(shape.choices.size() == 3);
  CHECK(shape.text(shape.default_setting()) == "Square");
  CHECK(knob(listing, "hold").kind == ParameterKind::toggle);
  CHECK(knob(listing, "hold").default_plain == 1.0f);
  CHECK(knob(listing, "filter").kind == ParameterKind::choice);
  CHECK(knob(listing, "quality").default_plain == 1.0f);
  CHECK(knob(listing, "gain_112").name == "Gain");
  CHECK(knob(listing, "parameter_114").default_plain == 0.0f);  // its default is 2, which cannot be
  for (const char* gone : {"level", "secret", "program"}) {
    CHECK(std::ranges::find(listing.parameters, gone, &Parameter::id) == listing.parameters.end());
  }
}

TEST_CASE("vst3_bypass_is_a_switch_whatever_its_name") {
  const Parameter& bypass = knob(vst3_test_plugin("gain"), "bypass");
  CHECK(bypass.name == "Umgehen");
  CHECK(bypass.kind == ParameterKind::toggle);
  CHECK(bypass.default_plain == 0.0f);
}

TEST_CASE("vst3_settings_arrive_exactly_as_normalised_values") {
  const auto effect = open("knobs");
  auto settings = effect->default_settings();
  // Defaults are the plugin's own doubles, not their way through plain numbers; in the plugin's order.
  const AudioBuffer at_defaults = effect->render(noise(2, 64, hz), settings);
  CHECK(at_defaults.channel(0)[0] == 0.5f);
  CHECK(at_defaults.channel(0)[4] == static_cast<float>(3.0 / 7.0));
  CHECK(at_defaults.channel(0)[5] == 0.5f);
  settings[0] = 0.123456f;  // a logarithmic range: the setting itself, unharmed by a logarithm
  settings[4] = effect->parameters()[4].to_setting(2.0f);
  settings[5] = effect->parameters()[5].to_setting(2.0f);
  settings[6] = 0.0f;
  const AudioBuffer told = effect->render(noise(2, 64, hz), settings);
  CHECK(told.channel(0)[0] == 0.123456f);
  CHECK(told.channel(0)[4] == static_cast<float>(1.0 / 7.0));
  CHECK(told.channel(0)[5] == 1.0f);
  CHECK(told.channel(0)[6] == 0.0f);
}

TEST_CASE("vst3_five_hundred_parameters_all_arrive") {
  const auto effect = open("many", 1);
  REQUIRE(effect->parameters().size() == 500);
  std::vector<float> settings(500);
  for (std::size_t i = 0; i < settings.size(); ++i) settings[i] = static_cast<float>(i) / 500.0f;
  const AudioBuffer told = effect->render(noise(1, 600, hz), settings);
  for (std::size_t i = 0; i < settings.size(); ++i) REQUIRE(told.channel(0)[i] == settings[i]);
}

TEST_CASE("vst3_gain_is_what_its_decibels_say") {
  for (const std::size_t channels : {1, 2}) {
    const auto effect = open("gain", channels);
    const AudioBuffer dry = noise(channels, 3000, hz);
    const std::vector<float> settings{effect->parameters()[0].to_setting(-20.0f), 0.0f};
    const AudioBuffer wet = effect->render(dry, settings);
    for (std::size_t i = 0; i < dry.frames(); ++i) {
      REQUIRE(wet.channel(channels - 1)[i] == doctest::Approx(0.1 * dry.channel(channels - 1)[i]).epsilon(1e-5));
    }
    CHECK(effect->render(dry, std::array{settings[0], 1.0f}) == dry);  // bypassed
  }
}

TEST_CASE("vst3_controller_in_an_object_of_its_own_is_connected") {
  const auto effect = open("split");
  REQUIRE(effect->parameters().size() == 1);
  const AudioBuffer dry = noise(2, 2000, hz);
  const AudioBuffer wet = effect->render(dry, std::array{0.5f});
  for (std::size_t i = 0; i < dry.frames(); ++i) REQUIRE(wet.channel(0)[i] == 0.25f * dry.channel(0)[i]);
}

TEST_CASE("vst3_side_chain_is_on_and_silent") {
  const auto effect = open("side-chain");
  const AudioBuffer dry = noise(2, 5000, hz);
  CHECK(effect->render(dry, {}) == dry);
}

TEST_CASE("vst3_latency_that_comes_with_the_settings_is_removed") {
  const auto effect = open("latency");
  const AudioBuffer dry = noise(2, 5000, hz);
  for (const float setting : {0.0f, 0.25f, 0.5f, 0.9f}) {
    CAPTURE(setting);
    CHECK(effect->render(dry, std::array{setting}) == dry);
  }
}

TEST_CASE("vst3_transport_plays_from_zero_and_processing_is_offline") {
  const auto effect = open("transport");
  const AudioBuffer told = effect->render(noise(2, 4096, hz), {});
  for (std::size_t block = 0; block < 4; ++block) {
    const float* first = told.channel(0).data() + block * 1024;
    CHECK(first[0] == 22.0f);
    CHECK(first[1] == 120.0f);
    CHECK(first[2] == static_cast<float>(block * 1024));
    CHECK(first[3] == doctest::Approx(static_cast<double>(block * 1024) / hz * 2.0));
  }
}

TEST_CASE("vst3_output_called_silent_is_silent") {
  CHECK(peak(open("silent-flag")->render(noise(2, 3000, hz), {})) == 0.0f);
}

TEST_CASE("vst3_buses_meet_the_channels_of_the_audio") {
  const AudioBuffer mono = noise(1, 2000, hz);
  const AudioBuffer stereo = noise(2, 2000, hz);
  const auto at = [](const AudioBuffer& audio, std::size_t channel) { return audio.channel(channel)[1500]; };
  const auto rendered = [&](const char* name, const AudioBuffer& dry) {
    return open(name, dry.channels())->render(dry, {});
  };
  // Each output is first - second / 2 of its inputs, the right one 1/8 higher.
  CHECK(at(rendered("mono", stereo), 1) == at(stereo, 1));
  CHECK(at(rendered("stereo", mono), 0) == doctest::Approx(0.5f * at(mono, 0) + 0.0625f));
  CHECK(at(rendered("stereo", stereo), 1) == doctest::Approx(at(stereo, 0) - 0.5f * at(stereo, 1) + 0.125f));
  CHECK(at(rendered("mono-to-stereo", stereo), 1) == doctest::Approx(0.5f * (at(stereo, 0) + at(stereo, 1)) + 0.125f));
  CHECK(at(rendered("mono-to-stereo", mono), 0) == doctest::Approx(at(mono, 0) + 0.0625f));
  CHECK(at(rendered("stereo-to-mono", stereo), 1) == doctest::Approx(at(stereo, 0) - 0.5f * at(stereo, 1)));
  CHECK(at(rendered("folds", mono), 0) == at(mono, 0));
  CHECK(at(rendered("two-outputs", stereo), 0) == doctest::Approx(at(stereo, 0) - 0.5f * at(stereo, 1)));
}

TEST_CASE("vst3_plugins_that_are_no_effects_say_why") {
  const auto reason = [](const char* name) { return vst3_test_plugin(name).unusable; };
  CHECK(reason("instrument") == "instrument: no audio input");
  CHECK(reason("generator") == "generator: no audio input");
  CHECK(reason("analyser") == "analyser: no audio output");
  CHECK(holds(reason("surround"), "6 and 6 channels"));
  CHECK(holds(reason("double-only"), "64 bits"));
  CHECK(holds(reason("throws-early"), "from the constructor"));
  CHECK(holds(reason("not-initialised"), "kInternalError"));
  CHECK(holds(reason("not-made"), "makes no such component"));
  for (const char* name : {"instrument", "surround", "throws-early"}) {
    CHECK_THROWS_AS(open(name), Error);
  }
}

TEST_CASE("vst3_faults_while_processing_are_errors_that_name_the_plugin") {
  for (const char* name : {"nan", "throw", "refuse"}) {
    CAPTURE(name);
    const auto effect = open(name);
    CHECK(error_of(*effect, {1.0f}).starts_with("'" + std::string(name) + "'"));
    CHECK(error_of(*effect, {0.0f}) == "no error");
  }
  CHECK(holds(error_of(*open("throw"), {1.0f}), "from process"));
  CHECK(holds(error_of(*open("refuse"), {1.0f}), "kInternalError"));
}

TEST_CASE("vst3_setups_that_no_plugin_could_take_are_refused") {
  const EffectListing& gain = vst3_test_plugin("gain");
  CHECK_THROWS_AS(open_effect(gain, {SampleRate{0.0}, 1}), Error);
  CHECK_THROWS_AS(open_effect(gain, {SampleRate{hz}, 3}), Error);
  CHECK_THROWS_AS(open_effect(gain, {SampleRate{hz}, 1, 0}), Error);
  EffectListing gone = gain;
  gone.info.id = "vst3:00000000000000000000000000000000";
  CHECK_THROWS_AS(open_effect(gone, {SampleRate{hz}, 1}), Error);
}
