// What the host does to a plugin, as seen by plugins that write it down as samples.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <thread>

#include "signals.hpp"
#include "soundalike/effect_chain.hpp"
#include "soundalike/error.hpp"
#include "test_plugins.hpp"

using namespace soundalike;

namespace {

constexpr double rate = 48000.0;

std::unique_ptr<Effect> open(const std::string& name, std::size_t channels, std::size_t block_size = 1024) {
  return open_effect(test_plugin(name), {SampleRate{rate}, channels, block_size});
}

AudioBuffer render(const std::string& name, const AudioBuffer& dry, std::size_t block_size = 1024) {
  const auto effect = open(name, dry.channels(), block_size);
  return effect->render(dry, effect->default_settings());
}

/// Sets knobs by their plain values, the others to their defaults.
std::vector<float> with(const Effect& effect, const std::string& id, float plain) {
  auto settings = effect.default_settings();
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (effect.parameters()[i].id == id) settings[i] = effect.parameters()[i].to_setting(plain);
  }
  return settings;
}

ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.code();
  }
  return ErrorCode::internal;
}

}  // namespace

TEST_CASE("gain_scales_by_its_decibels") {
  const auto effect = open("gain", 2);
  const AudioBuffer dry = noise(2, 3000, rate);
  const AudioBuffer wet = effect->render(dry, with(*effect, "gain", -20.0f));
  for (std::size_t i = 0; i < dry.samples().size(); ++i) {
    REQUIRE(wet.samples()[i] == doctest::Approx(0.1 * dry.samples()[i]).epsilon(1e-5));
  }
}

TEST_CASE("plugin_gets_the_plain_values_and_the_host_values") {
  const auto effect = open("parameters", 1);
  const AudioBuffer wet = effect->render(AudioBuffer(1, 32, {rate}), effect->default_settings());
  const auto sent = wet.channel(0);
  CHECK(sent[0] == 0.0f);     // level
  CHECK(sent[1] == 440.0f);   // frequency
  CHECK(sent[2] == 3.0f);     // voices
  CHECK(sent[3] == 0.5f);     // shape
  CHECK(sent[8] == 1.0f);     // enabled: by the host, although the default is 0
  CHECK(sent[9] == 1.0f);     // free-wheeling
  CHECK(sent[10] == 120.0f);  // tempo: its default
  CHECK(sent[13] == 2.0f);    // a default outside the range, clamped
  const AudioBuffer square = effect->render(AudioBuffer(1, 32, {rate}), with(*effect, "shape", 0.8f));
  CHECK(square.channel(0)[3] == 0.8f);
}

TEST_CASE("range_in_multiples_of_the_rate_is_resolved_when_opened") {
  const auto effect = open("cutoff", 1);
  const Parameter& cutoff = effect->parameters()[0];
  CHECK(cutoff.maximum == 24000.0f);
  CHECK(cutoff.default_plain == 12000.0f);
  CHECK(effect->render(AudioBuffer(1, 1, {rate}), std::array{1.0f}).channel(0)[0] == 24000.0f);
}

TEST_CASE("latency_is_removed") {
  const AudioBuffer dry = noise(2, 5000, rate);
  const auto effect = open("latency", 2);
  for (const float delay : {0.0f, 1.0f, 100.0f, 1023.0f, 1024.0f, 1025.0f, 4096.0f}) {
    CAPTURE(delay);
    CHECK(effect->render(dry, with(*effect, "delay", delay)) == dry);
  }
}

TEST_CASE("latency_longer_than_the_recording_is_removed") {
  for (const std::size_t frames : {1, 10, 1024}) {
    const AudioBuffer dry = noise(2, frames, rate);
    const auto effect = open("latency", 2);
    CHECK(effect->render(dry, with(*effect, "delay", 4000.0f)) == dry);
  }
}

TEST_CASE("latencies_of_a_chain_add_up") {
  std::vector<std::unique_ptr<Effect>> effects;
  for (int i = 0; i < 3; ++i) effects.push_back(open("latency", 2));
  const EffectChain chain(std::move(effects));
  const AudioBuffer dry = noise(2, 4000, rate);
  CHECK(chain.render(dry, chain.default_settings()) == dry);
  const auto run = chain.start(chain.default_settings());
  AudioBuffer out(2, 1024, {rate});
  const std::array from{dry.channel(0).data(), dry.channel(1).data()};
  const std::array to{out.channel(0).data(), out.channel(1).data()};
  run->process(from.data(), to.data(), 1024);
  CHECK(run->latency() == 300);
}

TEST_CASE("chain_of_other_setups_is_refused") {
  std::vector<std::unique_ptr<Effect>> effects;
  effects.push_back(open("gain", 2));
  effects.push_back(open("gain", 1));
  CHECK(code_of([&] { EffectChain chain(std::move(effects)); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { EffectChain chain({}); }) == ErrorCode::invalid_argument);
}

TEST_CASE("mono_plugin_on_stereo_keeps_the_channels_apart") {
  const AudioBuffer dry = noise(2, 3000, rate);
  CHECK(render("mono-gain", dry) == dry);
}

TEST_CASE("stereo_plugin_on_mono_hears_it_twice_and_gives_the_mean") {
  const AudioBuffer dry = noise(1, 3000, rate);
  CHECK(render("gain", dry) == dry);
}

TEST_CASE("mono_to_stereo_plugin_on_stereo_is_fed_the_mean") {
  const AudioBuffer dry = noise(2, 2000, rate);
  const AudioBuffer wet = render("mono-to-stereo", dry);
  for (std::size_t i = 0; i < dry.frames(); ++i) {
    const float mean = 0.5f * (dry.channel(0)[i] + dry.channel(1)[i]);
    REQUIRE(wet.channel(0)[i] == mean);
    REQUIRE(wet.channel(1)[i] == 0.5f * mean);
  }
}

TEST_CASE("mono_to_stereo_plugin_on_mono_gives_the_mean_of_its_outputs") {
  const AudioBuffer dry = noise(1, 2000, rate);
  const AudioBuffer wet = render("mono-to-stereo", dry);
  for (std::size_t i = 0; i < dry.frames(); ++i) REQUIRE(wet.channel(0)[i] == 0.75f * dry.channel(0)[i]);
}

TEST_CASE("stereo_to_mono_plugin_puts_its_output_on_both_channels") {
  const AudioBuffer dry = noise(2, 2000, rate);
  const AudioBuffer wet = render("stereo-to-mono", dry);
  for (std::size_t i = 0; i < dry.frames(); ++i) {
    REQUIRE(wet.channel(0)[i] == doctest::Approx(0.75 * dry.channel(0)[i] + 0.25 * dry.channel(1)[i]).epsilon(1e-5));
    REQUIRE(wet.channel(1)[i] == wet.channel(0)[i]);
  }
  const AudioBuffer mono = noise(1, 2000, rate);
  CHECK(render("stereo-to-mono", mono) == mono);
}

TEST_CASE("side_chain_hears_silence_and_third_output_is_dropped") {
  CHECK(test_plugin("side-chain").info.audio_inputs == 2);
  CHECK(test_plugin("side-chain").info.audio_outputs == 2);
  const AudioBuffer dry = noise(2, 3000, rate);
  CHECK(render("side-chain", dry) == dry);
}

TEST_CASE("plugin_gets_blocks_of_the_size_asked_for") {
  const AudioBuffer wet = render("any-blocks", AudioBuffer(1, 700, {rate}), 256);
  CHECK(wet.channel(0)[0] == 256.0f);
  CHECK(wet.channel(0)[511] == 256.0f);
  CHECK(wet.channel(0)[512] == 188.0f);  // the rest
}

TEST_CASE("plugin_that_insists_on_one_block_size_gets_its_last_block_filled_up") {
  const AudioBuffer wet = render("whole-blocks", AudioBuffer(1, 700, {rate}), 256);
  for (const float frames : wet.channel(0)) REQUIRE(frames == 256.0f);
  CHECK(code_of([] { open("whole-blocks", 1, 1000); }) == ErrorCode::invalid_argument);
}

TEST_CASE("scheduled_work_is_done_between_blocks_at_a_fixed_place") {
  const AudioBuffer wet = render("worker", AudioBuffer(1, 4 * 256, {rate}), 256);
  CHECK(wet.channel(0)[0] == 0.0f);
  CHECK(wet.channel(0)[256] == 0.125f);
  CHECK(wet.channel(0)[512] == 0.25f);
  CHECK(wet.channel(0)[768] == 0.375f);
}

TEST_CASE("default_state_is_restored_where_the_plugin_asks") {
  CHECK(render("default-state", AudioBuffer(1, 10, {rate})).channel(0)[0] == 0.25f);
}

TEST_CASE("sequence_ports_get_an_empty_input_and_the_room_they_ask_for_in_every_block") {
  const AudioBuffer wet = render("sequences", AudioBuffer(1, 5000, {rate}));
  CHECK(*std::min_element(wet.samples().begin(), wet.samples().end()) == 1.0f);
}

TEST_CASE("armed_fault_that_gives_nan_is_reported_and_disarmed_passes_audio") {
  const auto effect = open("nan", 2);
  const AudioBuffer dry = noise(2, 3000, rate);
  CHECK(code_of([&] { effect->render(dry, std::array{1.0f}); }) == ErrorCode::plugin_failed);
  CHECK(effect->render(dry, std::array{0.0f}) == dry);
}

TEST_CASE("library_that_cannot_be_loaded_is_reported_with_the_reason") {
  CHECK(code_of([] { open("broken-library", 2); }) == ErrorCode::plugin_failed);
  CHECK(code_of([] { open("not-in-library", 2); }) == ErrorCode::plugin_failed);
}

TEST_CASE("plugin_that_makes_no_instance_is_reported") {
  const auto effect = open("refuses", 2);
  CHECK(code_of([&] { effect->render(noise(2, 10, rate), effect->default_settings()); }) == ErrorCode::plugin_failed);
}

TEST_CASE("listing_of_a_bundle_that_is_gone_is_reported") {
  EffectListing gone = test_plugin("gain");
  gone.bundle = "/nonexistent/gain.lv2";
  CHECK(code_of([&] { open_effect(gone, {SampleRate{rate}, 2}); }) == ErrorCode::not_found);
  gone.info.id = "tape:machine";
  CHECK(code_of([&] { open_effect(gone, {SampleRate{rate}, 2}); }) == ErrorCode::invalid_argument);
}

TEST_CASE("impossible_setups_are_refused") {
  const auto opens = [](RenderSetup setup) { return [setup] { open_effect(test_plugin("gain"), setup); }; };
  CHECK(code_of(opens({SampleRate{0}, 2})) == ErrorCode::invalid_argument);
  CHECK(code_of(opens({SampleRate{NAN}, 2})) == ErrorCode::invalid_argument);
  CHECK(code_of(opens({SampleRate{rate}, 0})) == ErrorCode::invalid_argument);
  CHECK(code_of(opens({SampleRate{rate}, 3})) == ErrorCode::invalid_argument);
  CHECK(code_of(opens({SampleRate{rate}, 2, 0})) == ErrorCode::invalid_argument);
}

TEST_CASE("output_is_the_same_wherever_the_caller_keeps_it") {
  // Aligned memory is written by the plugin itself, other memory is copied to; blocks of both kinds may alternate.
  const AudioBuffer dry = noise(2, 4096, rate);
  for (const char* name : {"gain", "latency", "mono-gain", "mono-to-stereo", "stereo-to-mono", "block-dependent"}) {
    CAPTURE(name);
    const auto effect = open(name, 2);
    const auto settings = effect->default_settings();
    alignas(64) static std::array<float, 2 * 1040> memory;
    std::vector<AudioBuffer> outputs;
    for (const std::size_t shift : {std::size_t{0}, std::size_t{1}, std::size_t{16}}) {
      const auto run = effect->start(settings);
      AudioBuffer& output = outputs.emplace_back(2, 4096, SampleRate{rate});
      for (std::size_t block = 0; block < 4; ++block) {
        const std::size_t offset = shift * (block % 2);
        const std::array from{dry.channel(0).data() + block * 1024, dry.channel(1).data() + block * 1024};
        const std::array to{memory.data() + offset, memory.data() + 1040 - shift % 2 + offset};
        run->process(from.data(), to.data(), 1024);
        for (std::size_t c = 0; c < 2; ++c) std::copy_n(to[c], 1024, output.channel(c).data() + block * 1024);
      }
    }
    CHECK(outputs[0] == outputs[1]);
    CHECK(outputs[0] == outputs[2]);
  }
}

TEST_CASE("many_threads_render_the_same_as_one") {
  const auto effect = open("latency", 2);
  const AudioBuffer dry = noise(2, 20000, rate);
  std::array<bool, 8> equal{};
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < equal.size(); ++t) {
      threads.emplace_back([&, t] {
        bool all = true;
        for (int i = 0; i < 20; ++i) all &= effect->render(dry, effect->default_settings()) == dry;
        equal[t] = all;
      });
    }
  }
  for (const bool e : equal) CHECK(e);
}
