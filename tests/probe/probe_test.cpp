#include "soundalike/probe.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "effect/real_plugins.hpp"
#include "effect/test_plugins.hpp"
#include "fixtures/errors.hpp"

using namespace soundalike;

namespace {

ProbeOptions quick() {
  ProbeOptions options;
  options.setup = {{24000.0}, 2, 1024};
  options.stress_renders = 24;
  options.timing_repeats = 3;
  options.renderer.workers = 2;
  return options;
}

const Probe& probed(const std::string& name) {
  static std::map<std::string, Probe> probes;
  const auto found = probes.find(name);
  if (found != probes.end()) return found->second;
  return probes.emplace(name, probe_effect(test_plugin(name), quick())).first->second;
}

const KnobProbe& measured(const Probe& probe, const std::string& id) {
  const auto found = std::ranges::find(probe.knobs, id, &KnobProbe::id);
  REQUIRE(found != probe.knobs.end());
  return *found;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a_gain_is_a_gain_and_stays_fixed") {
  const Profile::Knob& knob = probed("gain").profile.knobs.at("gain");
  CHECK(knob.klass == KnobClass::gain);
  CHECK_FALSE(knob.free);
  CHECK(knob.setting == doctest::Approx(0.75));  // 0 dB between -60 and 20
  CHECK_FALSE(holds(knob.reason, "range cut"));
}

TEST_CASE("a_gain_before_a_switched_off_distortion_is_a_gain_too") {
  CHECK(probed("knobs").profile.knobs.at("gain").klass == KnobClass::gain);
}

TEST_CASE("a_knob_that_does_nothing_is_dead_and_stays_fixed") {
  const Profile::Knob& knob = probed("knobs").profile.knobs.at("unused");
  CHECK(knob.klass == KnobClass::dead);
  CHECK_FALSE(knob.free);
  CHECK(measured(probed("knobs"), "unused").change_db == 0.0);
}

TEST_CASE("a_choice_that_silences_is_found_and_named") {
  const Profile::Knob& knob = probed("knobs").profile.knobs.at("mode");
  CHECK_FALSE(knob.free);
  CHECK(measured(probed("knobs"), "mode").silent_values == std::vector<std::string>{"Mute"});
  CHECK(measured(probed("knobs"), "mode").change_db > 1.0);  // Dirty distorts
  CHECK(holds(knob.reason, "silent at Mute"));
}

TEST_CASE("a_switch_that_silences_is_found_and_named") {
  CHECK(measured(probed("places"), "mute").silent_values == std::vector<std::string>{"on"});
  CHECK(probed("places").profile.knobs.at("mute").setting < 0.5f);
}

TEST_CASE("an_effect_that_is_silent_by_default_is_switched_on") {
  const Probe& probe = probed("silent");
  CHECK(probe.profile.knobs.at("armed").setting < 0.5f);
  CHECK(holds(probe.profile.knobs.at("armed").reason, "silent at on"));
  CHECK(probe.stress_silent == 0);
}

TEST_CASE("a_delay_time_is_rough_and_stays_free") {
  const Profile::Knob& knob = probed("places").profile.knobs.at("time");
  CHECK(knob.klass == KnobClass::rough);
  CHECK(knob.free);
}

TEST_CASE("a_mix_is_smooth_and_free_over_its_whole_range") {
  const Profile::Knob& knob = probed("places").profile.knobs.at("mix");
  CHECK(knob.klass == KnobClass::smooth);
  CHECK(knob.free);
  CHECK(knob.low == 0.0f);
  CHECK(knob.high == 1.0f);
}

TEST_CASE("a_quantised_knob_is_stepped") {
  CHECK(probed("places").profile.knobs.at("steps").klass == KnobClass::stepped);
}

TEST_CASE("a_range_is_cut_just_before_the_output_breaks") {
  const Profile::Knob& knob = probed("places").profile.knobs.at("drive");
  CHECK(knob.klass == KnobClass::smooth);
  CHECK(knob.free);
  CHECK(knob.low == 0.0f);
  CHECK(knob.high <= 0.7f);
  CHECK(knob.high > 0.69f);  // 1/256 of the range
  CHECK(holds(knob.reason, "range cut: broken"));
  CHECK(measured(probed("places"), "drive").bad_values.front() == "0.75");
  CHECK(probed("places").stress_failed == 0);
}

TEST_CASE("neutral_settings_are_found_where_there_are_some") {
  REQUIRE(probed("places").profile.neutral);
  CHECK(probed("places").profile.neutral->at("mix") == 0.0f);
  REQUIRE(probed("gain").profile.neutral);
  CHECK(probed("gain").profile.neutral->at("gain") == doctest::Approx(0.75));
  CHECK_FALSE(probed("block-dependent").profile.knobs.empty());
  CHECK(probed("block-dependent").profile.neutral->at("depth") == 0.0f);
}

TEST_CASE("what_never_passes_the_sound_unchanged_has_no_neutral_settings") {
  CHECK_FALSE(probed("stereo-to-mono").profile.neutral);
}

TEST_CASE("only_what_differs_between_renders_is_not_repeatable") {
  CHECK(probed("places").deterministic);
  CHECK(probed("random").deterministic);  // rand() starts at the same place in every render
  CHECK_FALSE(probed("static-state").deterministic);
}

TEST_CASE("dependence_on_the_block_size_is_found_and_only_where_it_is") {
  CHECK(probed("block-dependent").block_dependent);
  CHECK(probed("block-dependent").block_difference_db > -30.0);
  CHECK_FALSE(probed("places").block_dependent);
}

TEST_CASE("an_effect_that_breaks_at_its_defaults_cannot_be_probed") {
  const Thrown thrown = thrown_by([] { probe_effect(test_plugin("nan"), quick()); });
  CHECK(thrown.code == ErrorCode::plugin_failed);
  CHECK(thrown.says("cannot probe 'Test NaN': its default settings do not render"));
}

TEST_CASE("a_pinned_knob_stays_where_it_is_and_is_not_probed") {
  ProbeOptions options = quick();
  options.pinned = {{"drive", 0.1f}, {"time", 0.25f}};
  const Probe probe = probe_effect(test_plugin("places"), options);
  CHECK_FALSE(probe.profile.knobs.at("drive").free);
  CHECK(probe.profile.knobs.at("drive").setting == 0.1f);
  CHECK(probe.profile.knobs.at("time").reason == "fixed by hand, not probed");
  CHECK(probe.profile.knobs.at("mix").free);
}

TEST_CASE("probing_twice_writes_the_same_profile") {
  ProbeOptions options = quick();
  const auto without_speed = [](Probe probe) {
    std::string& json = probe.profile.probe_json;
    const auto at = json.find("\"times_real_time\"");
    REQUIRE(at != std::string::npos);
    json.erase(at, json.find(',', at) - at + 1);
    return to_json(probe.profile);
  };
  const std::string first = without_speed(probed("knobs"));
  options.renderer.workers = 3;
  CHECK(without_speed(probe_effect(test_plugin("knobs"), options)) == first);
}

TEST_CASE("a_written_profile_reads_back") {
  const std::string json = to_json(probed("places").profile);
  CHECK(to_json(parse_profile(json, "test")) == json);
}

TEST_CASE("stopping_ends_the_probe_with_cancelled") {
  std::stop_source source;
  std::size_t told = 0;
  const Progress progress = [&](const auto&) {
    if (++told == 2) source.request_stop();
  };
  const Thrown thrown = thrown_by([&] { probe_effect(test_plugin("places"), quick(), progress, source.get_token()); });
  CHECK(thrown.code == ErrorCode::cancelled);
  CHECK(thrown.says("no profile was written"));
}

TEST_CASE("mda_overdrive_has_two_smooth_knobs_and_a_gain") {
  const EffectListing* listing = installed(mda("Overdrive"));
  if (listing == nullptr) return;
  const Probe probe = probe_effect(*listing, quick());
  CHECK(probe.profile.knobs.at("drive").klass == KnobClass::smooth);
  CHECK(probe.profile.knobs.at("muffle").klass == KnobClass::smooth);
  CHECK(probe.profile.knobs.at("output").klass == KnobClass::gain);
  REQUIRE(probe.profile.neutral);
  CHECK(probe.profile.neutral->at("drive") == 0.0f);
  CHECK(probe.deterministic);
  CHECK_FALSE(probe.block_dependent);
}

TEST_CASE("mda_ambience_has_a_rough_size") {
  const EffectListing* listing = installed(mda("Ambience"));
  if (listing == nullptr) return;
  const Probe probe = probe_effect(*listing, quick());
  CHECK(probe.profile.knobs.at("size").klass == KnobClass::rough);
  CHECK(probe.profile.knobs.at("hf_damp").klass == KnobClass::smooth);
  CHECK(probe.profile.knobs.at("mix").klass == KnobClass::smooth);
  CHECK(probe.profile.knobs.at("output").klass == KnobClass::gain);
  REQUIRE(probe.profile.neutral);
  CHECK(probe.profile.neutral->at("mix") == 0.0f);
}
