#include "builtin_effects.hpp"
#include "contract/effect_contract.hpp"
#include "signals.hpp"
#include "soundalike/effect_chain.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;

TEST_CASE("builtin_effects_meet_the_effect_contract_at_any_rate") {
  for (const EffectListing& listing : list_builtin("")) {
    for (const double hz : {8000.0, 44100.0, 192000.0}) {
      CAPTURE(hz);
      check_effect_contract(
          listing.info.id, [&](const RenderSetup& setup) { return open_effect(listing, setup); }, hz);
    }
  }
}

TEST_CASE("builtin_effects_do_not_depend_on_the_block_size_bit_for_bit") {
  for (const EffectListing& listing : list_builtin("")) {
    CAPTURE(listing.info.id);
    for (const std::size_t channels : {std::size_t{1}, std::size_t{2}}) {
      const AudioBuffer dry = noise(channels, 9000, 44100);
      Rng rng(3);
      std::vector<float> settings(listing.parameters.size());
      for (float& setting : settings) setting = static_cast<float>(rng.uniform(0.0, 1.0));
      const auto render = [&](std::size_t block) {
        return open_effect(listing, {SampleRate{44100}, channels, block})->render(dry, settings);
      };
      const AudioBuffer whole = render(1024);
      for (const std::size_t block : {1, 7, 64, 4096, 16384}) {
        CAPTURE(block);
        CHECK(render(static_cast<std::size_t>(block)) == whole);
      }
    }
  }
}

TEST_CASE("builtin_effects_stay_finite_at_the_ends_of_every_knob") {
  const AudioBuffer dry = noise(2, 20000, 44100);
  for (const EffectListing& listing : list_builtin("")) {
    CAPTURE(listing.info.id);
    const auto effect = open_effect(listing, {SampleRate{44100}, 2});
    const std::size_t count = listing.parameters.size();
    for (unsigned corner = 0; corner < (1u << count); ++corner) {
      std::vector<float> settings(count);
      for (std::size_t k = 0; k < count; ++k) settings[k] = (corner >> k & 1) != 0 ? 1.0f : 0.0f;
      const AudioBuffer wet = effect->render(dry, settings);  // throws where it is not finite
      CHECK(peak(wet) < 100.0f);
      if (count > 7) corner += 12;  // every corner of ten knobs is more than enough
    }
  }
}

TEST_CASE("builtin_effects_have_a_neutral_setting") {
  const AudioBuffer dry = noise(1, 4000, 48000);
  CHECK(BuiltinRig{"gain", {}}(dry) == dry);
  CHECK(BuiltinRig{"filter", {{"mix", 0.0f}}}(dry) == dry);
  CHECK(BuiltinRig{"compressor", {{"ratio", 1.0f}}}(dry) == dry);
  CHECK(BuiltinRig{"limiter", {{"ceiling", 0.0f}}}(dry) == dry);
  CHECK(BuiltinRig{"saturator", {{"mix", 0.0f}}}(dry) == dry);
  CHECK(BuiltinRig{"delay", {{"mix", 0.0f}}}(dry) == dry);
  CHECK(BuiltinRig{"chorus", {{"mix", 0.0f}}}(dry) == dry);
  CHECK(BuiltinRig{"reverb", {{"mix", 0.0f}}}(dry) == dry);
  const AudioBuffer flat = BuiltinRig{"eq", {}}(dry);
  for (std::size_t i = 0; i < 4000; ++i)
    REQUIRE(flat.channel(0)[i] == doctest::Approx(dry.channel(0)[i]).epsilon(1e-6));
}

TEST_CASE("builtin_effect_of_another_program_says_so") {
  EffectListing listing = list_builtin("").front();
  listing.info.id = "builtin:teleporter";
  CHECK_THROWS_WITH_AS(open_effect(listing, {SampleRate{48000}, 1}),
                       "cannot open 'builtin:teleporter': this program has no such effect", Error);
}
