// The host with real plugins of the mda pack; each case is skipped where the pack is not installed.
#include <array>

#include "real_plugins.hpp"
#include "signals.hpp"
#include "soundalike/effect_chain.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;

namespace {

constexpr RenderSetup stereo_24k{SampleRate{24000}, 2};

}  // namespace

TEST_CASE("overdrive_has_three_knobs_and_distorts") {
  const auto* listing = installed(mda("Overdrive"));
  if (!listing) return;
  CHECK(listing->info.name == "MDA Overdrive");
  CHECK(listing->info.klass == "Distortion");
  const auto effect = open_effect(*listing, stereo_24k);
  REQUIRE(effect->parameters().size() == 3);
  CHECK(effect->parameters()[0].id == "drive");
  const AudioBuffer dry = noise(2, 5000, 24000);
  const AudioBuffer clean = effect->render(dry, std::array{0.0f, 0.0f, 0.5f});
  const AudioBuffer driven = effect->render(dry, std::array{1.0f, 0.0f, 0.5f});
  CHECK(peak(clean) > 0.1f);
  CHECK_FALSE(clean == driven);
}

TEST_CASE("rendering_twice_gives_identical_samples_whatever_ran_between") {
  for (const char* name : {"Overdrive", "Leslie", "Dynamics", "ThruZero", "Ambience"}) {
    const auto* listing = installed(mda(name));
    if (!listing) continue;
    CAPTURE(name);
    const auto effect = open_effect(*listing, stereo_24k);
    const AudioBuffer dry = noise(2, 20000, 24000);
    const auto defaults = effect->default_settings();
    const AudioBuffer first = effect->render(dry, defaults);
    effect->render(dry, std::vector<float>(defaults.size(), 0.9f));
    CHECK(effect->render(dry, defaults) == first);
  }
}

TEST_CASE("fractional_choices_are_offered_as_the_plugin_numbers_them") {
  const auto* listing = installed(mda("Leslie"));
  if (!listing) return;
  const Parameter& mode = listing->parameters.front();
  CHECK(mode.kind == ParameterKind::choice);
  REQUIRE(mode.choices.size() == 3);
  CHECK(mode.choices[1].plain == 0.5f);
  CHECK(mode.to_plain(0.5f) == 0.5f);
}

TEST_CASE("knobs_with_a_designation_stay_knobs") {
  const auto* listing = installed(mda("RezFilter"));
  if (!listing) return;
  CHECK(listing->parameters.size() == 10);
}

TEST_CASE("effect_at_its_defaults_sounds_like_one_a_hair_away") {
  // Unprimed, RingMod keeps coefficients for 44.1 kHz at its exact defaults, and a nudge of 1e-6 changes all.
  const auto* listing = installed(mda("RingMod"));
  if (!listing) return;
  const auto effect = open_effect(*listing, stereo_24k);
  const AudioBuffer dry = noise(2, 24000, 24000);
  auto settings = effect->default_settings();
  const AudioBuffer at_default = effect->render(dry, settings);
  settings[0] += 1e-6f;
  const AudioBuffer beside = effect->render(dry, settings);
  double difference = 0.0;
  double energy = 0.0;
  for (std::size_t i = 0; i < dry.samples().size(); ++i) {
    const double d = at_default.samples()[i] - beside.samples()[i];
    difference += d * d;
    energy += static_cast<double>(at_default.samples()[i]) * at_default.samples()[i];
  }
  CHECK(difference < 0.01 * energy);
}

TEST_CASE("not_a_number_is_an_error_and_never_audio") {
  const auto* listing = installed(mda("RezFilter"));
  if (!listing) return;
  const auto effect = open_effect(*listing, stereo_24k);
  auto settings = effect->default_settings();
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const std::string& id = effect->parameters()[i].id;
    if (id == "max_freq" || id == "freq" || id == "res") settings[i] = 1.0f;
  }
  try {
    effect->render(noise(2, 24000, 24000), settings);
    FAIL("no error");
  } catch (const Error& e) {
    CHECK(e.code() == ErrorCode::plugin_failed);
    CHECK(std::string(e.what()).find("RezFilter") != std::string::npos);
  }
}

TEST_CASE("floating_point_mode_is_left_as_it_was") {
  const auto* listing = installed(mda("Overdrive"));
  if (!listing) return;
  const auto effect = open_effect(*listing, stereo_24k);
  volatile float tiny = 1e-38f;
  REQUIRE(tiny * 0.01f > 0.0f);
  effect->render(noise(2, 3000, 24000), effect->default_settings());
  CHECK(tiny * 0.01f > 0.0f);
}

TEST_CASE("chain_equals_its_effects_one_after_the_other") {
  const auto* drive = installed(mda("Overdrive"));
  const auto* delay = installed(mda("Delay"));
  if (!drive || !delay) return;
  const auto a = open_effect(*drive, stereo_24k);
  const auto b = open_effect(*delay, stereo_24k);
  const AudioBuffer dry = noise(2, 10000, 24000);
  const AudioBuffer by_hand = b->render(a->render(dry, a->default_settings()), b->default_settings());
  std::vector<std::unique_ptr<Effect>> effects;
  effects.push_back(open_effect(*drive, stereo_24k));
  effects.push_back(open_effect(*delay, stereo_24k));
  const EffectChain chain(std::move(effects));
  CHECK(chain.parameters().size() == a->parameters().size() + b->parameters().size());
  CHECK(chain.parameters()[0].id == "drive");
  CHECK(chain.parameters()[3].id == "2.l_delay");
  CHECK(chain.render(dry, chain.default_settings()) == by_hand);
}
