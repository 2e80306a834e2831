#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "effect/lv2_units.hpp"
#include "soundalike/error.hpp"
#include "test_plugins.hpp"

using namespace soundalike;

namespace {

const Parameter& knob(const std::string& plugin, const std::string& id) {
  const auto& parameters = test_plugin(plugin).parameters;
  const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.id == id; });
  REQUIRE_MESSAGE(found != parameters.end(), "no knob " << id);
  return *found;
}

}  // namespace

TEST_CASE("listing_tells_what_the_files_say") {
  const auto& gain = test_plugin("gain");
  CHECK(gain.info.name == "Test Gain");
  CHECK(gain.info.klass == "Amplifier");
  CHECK(gain.info.version == "2.4");
  CHECK(gain.info.author == "The soundalike authors");
  CHECK(gain.info.audio_inputs == 2);
  CHECK(gain.info.audio_outputs == 2);
  CHECK(gain.unusable.empty());
  CHECK(gain.bundle.parent_path().filename() == "soundalike-test.lv2");
}

TEST_CASE("listings_are_ordered_by_id_and_complete") {
  const auto& all = test_plugins();
  REQUIRE_FALSE(all.empty());
  std::ifstream manifest(all.front().bundle / "manifest.ttl");
  std::size_t plugins = 0;
  for (std::string line; std::getline(manifest, line);) plugins += line.find(" a lv2:Plugin ") != line.npos;
  CHECK(all.size() == plugins);
  CHECK(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.info.id < b.info.id; }));
}

TEST_CASE("each_plugin_that_is_no_effect_says_why") {
  const auto says = [](const char* name, const char* words) {
    CAPTURE(name);
    const std::string& reason = test_plugin(name).unusable;
    CAPTURE(reason);
    CHECK(reason.find(words) != std::string::npos);
  };
  says("instrument", "instrument: no audio input");
  says("generator", "generator: no audio input");
  says("analyser", "analyser: no audio output");
  says("missing-library", "no-such-file.so");
  says("unknown-feature", "feature-nobody-has");
  CHECK(test_plugin("unknown-feature").missing_features ==
        std::vector<std::string>{"urn:soundalike:test:feature-nobody-has"});
}

TEST_CASE("opening_a_plugin_that_is_no_effect_says_the_same") {
  for (const char* name : {"instrument", "generator", "analyser", "missing-library", "unknown-feature"}) {
    CAPTURE(name);
    try {
      open_effect(test_plugin(name), {SampleRate{48000}, 2});
      FAIL("no error");
    } catch (const Error& e) {
      CHECK(e.code() == ErrorCode::unsupported);
      CHECK(std::string(e.what()).find(test_plugin(name).unusable) != std::string::npos);
    }
  }
}

TEST_CASE("knobs_have_the_kind_range_and_unit_of_their_port") {
  const auto& level = knob("parameters", "level");
  CHECK(level.kind == ParameterKind::continuous);
  CHECK(level.unit == "dB");
  CHECK(level.minimum == -24.0f);
  CHECK(level.maximum == 18.0f);
  CHECK_FALSE(level.logarithmic);

  const auto& frequency = knob("parameters", "frequency");
  CHECK(frequency.logarithmic);
  CHECK(frequency.unit == "Hz");
  CHECK(frequency.default_plain == 440.0f);

  CHECK(knob("parameters", "voices").kind == ParameterKind::integer);
  CHECK(knob("parameters", "bright").kind == ParameterKind::toggle);
  CHECK_FALSE(knob("parameters", "bright").trigger);
  CHECK(knob("parameters", "reset").trigger);
  CHECK(knob("parameters", "pace").unit == "steps/s");
  CHECK(knob("parameters", "width").unit == "%");
  CHECK(knob("parameters", "cutoff").name == "Cutoff");  // has a designation and is a knob all the same
}

TEST_CASE("choices_are_the_scale_points_in_order_and_never_rounded") {
  const auto& shape = knob("parameters", "shape");
  CHECK(shape.kind == ParameterKind::choice);
  REQUIRE(shape.choices.size() == 4);
  CHECK(shape.choices[0].label == "Sine");
  CHECK(shape.choices[2].plain == 0.8f);
  CHECK(shape.choices[3].label == "Square");
  CHECK(shape.default_plain == 0.5f);
}

TEST_CASE("special_value_keeps_its_label_without_making_a_choice") {
  const auto& quiet = knob("parameters", "quiet");
  CHECK(quiet.kind == ParameterKind::continuous);
  CHECK(quiet.text(0.0f) == "off");
}

TEST_CASE("missing_inverted_and_impossible_ranges_are_mended") {
  const auto& no_range = knob("parameters", "no_range");
  CHECK(no_range.minimum == 0.0f);
  CHECK(no_range.maximum == 5.0f);
  const auto& inverted = knob("parameters", "inverted");
  CHECK(inverted.minimum == -3.0f);
  CHECK(inverted.maximum == 3.0f);
  CHECK(knob("parameters", "outside").default_plain == 2.0f);
  const auto& not_a_number = knob("parameters", "not_a_number");
  CHECK(not_a_number.minimum == 0.0f);
  CHECK(not_a_number.default_plain == 0.0f);
  CHECK(not_a_number.maximum == 4.0f);
}

TEST_CASE("what_the_host_drives_and_what_the_plugin_reports_are_no_knobs") {
  for (const auto& p : test_plugin("parameters").parameters) {
    CHECK(p.id != "enabled");
    CHECK(p.id != "free_wheeling");
    CHECK(p.id != "tempo");
    CHECK(p.id != "meter");
  }
  CHECK(test_plugin("latency").parameters.size() == 1);
}

TEST_CASE("range_in_multiples_of_the_rate_is_marked_in_the_listing") {
  const auto& cutoff = knob("cutoff", "cutoff");
  CHECK(cutoff.scales_with_rate);
  CHECK(cutoff.maximum == 0.5f);
}

TEST_CASE("units_are_written_as_people_read_them") {
  CHECK(lv2_unit_symbol("db") == "dB");
  CHECK(lv2_unit_symbol("pc") == "%");
  CHECK(lv2_unit_symbol("furlong") == "furlong");
  CHECK(lv2_unit_of_render_text("%f dB") == "dB");
  CHECK(lv2_unit_of_render_text("%+.2f m/s") == "m/s");
  CHECK(lv2_unit_of_render_text("%d %%") == "%");
  CHECK(lv2_unit_of_render_text("%lf") == "");
  CHECK(lv2_unit_of_render_text("100%") == "100");
  CHECK(lv2_class_label("ParaEQPlugin") == "Parametric EQ");
  CHECK(lv2_class_label("CompressorPlugin") == "Compressor");
}

TEST_CASE("empty_path_folder_gives_no_listings") { CHECK(scan_lv2("/nonexistent/lv2").empty()); }

TEST_CASE("folder_named_twice_lists_its_plugins_once") {
  const std::string folder = test_plugin("gain").bundle.parent_path().parent_path().string();
  CHECK(scan_lv2(folder + "::" + folder + "/").size() == test_plugins().size());
}
