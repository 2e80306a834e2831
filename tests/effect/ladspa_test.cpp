#include "effect/ladspa.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "contract/effect_contract.hpp"
#include "effect/ladspa_parameter.hpp"
#include "fixtures/temp_folder.hpp"
#include "ladspa_plugins.hpp"
#include "signals.hpp"
#include "soundalike/error.hpp"
#include "temporary_bundles.hpp"

using namespace soundalike;

namespace {

AudioBuffer render(const std::string& label, AudioView dry, const std::vector<float>& settings) {
  return open_effect(ladspa_plugin(label), {dry.sample_rate(), dry.channels()})->render(dry, settings);
}

const Parameter& knob(const std::string& id) {
  const auto& parameters = ladspa_plugin("knobs").parameters;
  const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.id == id; });
  REQUIRE_MESSAGE(found != parameters.end(), "no knob " << id);
  return *found;
}

}  // namespace

TEST_CASE("ladspa_library_lists_all_its_plugins") {
  const auto& gain = ladspa_plugin("gain");
  CHECK(gain.info.name == "Test LADSPA Gain");
  CHECK(gain.info.author == "The authors");
  CHECK(gain.info.audio_inputs == 1);
  CHECK(gain.info.audio_outputs == 1);
  CHECK(gain.unusable.empty());
  CHECK(gain.bundle.filename() == "soundalike-test.so");
  CHECK(ladspa_plugin("split").info.audio_outputs == 2);
  CHECK(ladspa_plugin("meter").unusable == "analyser: no audio output");
  CHECK(ladspa_plugin("noise").unusable == "generator: no audio input");
  CHECK(ladspa_plugin("late").parameters.empty());  // its latency is no knob
}

TEST_CASE("ladspa_hints_make_the_knobs") {
  const auto& level = knob("level");
  CHECK(level.name == "Level");
  CHECK(level.unit == "dB");
  CHECK(level.minimum == -24.0f);
  CHECK(level.maximum == 12.0f);
  CHECK(level.default_plain == 0.0f);
  CHECK(knob("level_2").default_plain == 12.0f);  // another port of the same name
  const auto& time = knob("time");
  CHECK(time.logarithmic);
  CHECK(time.default_plain == doctest::Approx(0.1));  // the geometric middle
  const auto& cutoff = knob("cut_off");
  CHECK(cutoff.scales_with_rate);
  CHECK(cutoff.at_rate(48000.0).default_plain == doctest::Approx(440.0));
  CHECK(cutoff.at_rate(48000.0).maximum == 24000.0f);
  const auto& voices = knob("voices");
  CHECK(voices.kind == ParameterKind::integer);
  CHECK(voices.default_plain == 3.0f);  // a quarter of the way
  CHECK(knob("bright").kind == ParameterKind::toggle);
  CHECK(knob("bright").default_plain == 1.0f);
  CHECK(knob("free").minimum == 0.0f);  // no bounds: room around the default
  CHECK(knob("free").maximum == 200.0f);
  CHECK(knob("free").default_plain == 100.0f);
  CHECK(knob("ratio_1_n").name == "Ratio (1:n)");  // no unit
  CHECK(knob("ratio_1_n").default_plain == doctest::Approx(10.5));
}

TEST_CASE("ladspa_units_are_read_from_the_end_of_a_name") {
  CHECK(split_ladspa_name("Gain [dB]").unit == "dB");
  CHECK(split_ladspa_name("Decay Time (Seconds)").name == "Decay Time");
  CHECK(split_ladspa_name("Decay Time (Seconds)").unit == "s");
  CHECK(split_ladspa_name("Mix (%)").unit == "%");
  CHECK(split_ladspa_name("Taps (left)").name == "Taps (left)");
  CHECK(split_ladspa_name("(dB)").name == "(dB)");
  CHECK(split_ladspa_name("").name.empty());
}

TEST_CASE("ladspa_plugin_gets_the_plain_values") {
  const auto effect = open_effect(ladspa_plugin("knobs"), {SampleRate{44100}, 1});
  auto settings = effect->default_settings();
  settings[0] = 1.0f;
  settings[3] = 0.5f;
  settings[5] = 0.0f;
  const AudioBuffer out = effect->render(noise(1, 64, 44100), settings);
  const std::array<float, 8> expected{12.0f,  0.1f, static_cast<float>(440.0 / 48000.0 * 44100.0), 5.0f, 12.0f, 0.0f,
                                      100.0f, 10.5f};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(out.channel(0)[i] == doctest::Approx(expected[i]));
}

TEST_CASE("ladspa_ports_meet_channels_as_those_of_lv2_do") {
  const AudioBuffer mono = noise(1, 3000, 48000), stereo = noise(2, 3000, 48000);
  const auto same = [](std::span<const float> a, std::span<const float> b) { return std::ranges::equal(a, b); };
  const AudioBuffer gained = render("gain", stereo, {0.5f});  // gain 2, an instance per channel
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t i = 0; i < 3000; i += 97) CHECK(gained.channel(c)[i] == 2.0f * stereo.channel(c)[i]);
  }
  const AudioBuffer swapped = render("swap", stereo, {});
  CHECK(same(swapped.channel(0), stereo.channel(1)));
  CHECK(same(swapped.channel(1), stereo.channel(0)));
  CHECK(render("swap", mono, {}) == mono);
  const AudioBuffer split = render("split", mono, {});
  const AudioBuffer split_mean = render("split", stereo, {});
  const AudioBuffer sum = render("sum", stereo, {});
  const AudioBuffer sum_mono = render("sum", mono, {});
  for (std::size_t i = 0; i < 3000; i += 97) {
    CHECK(split.channel(0)[i] == doctest::Approx(1.5f * mono.channel(0)[i]));
    const float mean = 0.5f * (stereo.channel(0)[i] + stereo.channel(1)[i]);
    CHECK(split_mean.channel(1)[i] == doctest::Approx(2.0f * mean));
    CHECK(sum.channel(0)[i] == doctest::Approx(2.0f * mean));
    CHECK(sum_mono.channel(0)[i] == doctest::Approx(2.0f * mono.channel(0)[i]));
  }
  CHECK(same(sum.channel(0), sum.channel(1)));
}

TEST_CASE("ladspa_latency_port_is_obeyed") {
  const AudioBuffer dry = noise(2, 5000, 48000);
  CHECK(render("late", dry, {}) == dry);
}

TEST_CASE("ladspa_plugin_that_makes_no_instance_says_so") {
  const auto effect = open_effect(ladspa_plugin("refuse"), {SampleRate{48000}, 1});
  CHECK_THROWS_WITH_AS(effect->render(noise(1, 10, 48000), effect->default_settings()),
                       "cannot start 'Test LADSPA Refuse': the plugin made no instance for 48000 Hz; another sample "
                       "rate may work",
                       Error);
}

TEST_CASE("ladspa_test_plugins_meet_the_effect_contract") {
  for (const char* label : {"gain", "swap", "split", "sum", "late", "knobs"}) {
    check_effect_contract(label, [&](const RenderSetup& setup) { return open_effect(ladspa_plugin(label), setup); });
  }
}

TEST_CASE("ladspa_files_are_libraries_each_name_once") {
  TempFolder folder;
  for (const char* name : {"one/b.so", "one/a.so", "one/readme.txt", "two/a.so"}) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    test::write_text(folder.path() / name, "");
  }
  std::filesystem::create_directory(folder.path() / "one/folder.so");
  const auto files = ladspa_files((folder.path() / "one").string() + ":/nowhere:" + (folder.path() / "two").string());
  REQUIRE(files.size() == 2);
  CHECK(files[0] == folder.path() / "one/a.so");
  CHECK(files[1] == folder.path() / "one/b.so");
}
