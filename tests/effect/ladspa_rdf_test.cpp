#include "effect/ladspa_rdf.hpp"

#include <doctest/doctest.h>

#include "effect/effect_class.hpp"
#include "effect/ladspa_parameter.hpp"
#include "real_plugins.hpp"

using namespace soundalike;

namespace {

const std::string head = R"(<?xml version='1.0'?>
<!DOCTYPE rdf:RDF [ <!ENTITY l 'http://ladspa.org/ontology#'> <!ENTITY rdf "http://www.w3.org/1999/02/22-rdf-syntax-ns#"> ]>
<rdf:RDF xmlns:rdf="&rdf;" xmlns:l="&l;" xmlns:dc="http://purl.org/dc/elements/1.1/">
)";

using Classes = std::map<std::string, std::string>;

LadspaRdf read(const std::string& text) {
  LadspaRdf rdf;
  read_ladspa_rdf(text, rdf);
  return rdf;
}

Classes classes_in(const std::string& text) { return read(text).classes; }

const Parameter& knob(const EffectListing& listing, const std::string& id) {
  const auto found = std::ranges::find(listing.parameters, id, &Parameter::id);
  REQUIRE_MESSAGE(found != listing.parameters.end(), listing.info.id << " has no knob " << id);
  return *found;
}

}  // namespace

TEST_CASE("rdf_files_tell_the_class_of_a_number_or_a_label") {
  const auto classes = classes_in(head + R"(
    <l:DelayPlugin rdf:about="&l;1895"><dc:title>Allpass</dc:title>
      <l:hasPort><l:InputControlPort rdf:about="&l;1895.3" l:hasLabel="max"/></l:hasPort></l:DelayPlugin>
    <!-- <l:ReverbPlugin rdf:about="&l;1"/> -->
    <l:EQPlugin
        rdf:about='http://quitte.de/dsp/caps.html#Eq10'/>
    <l:PitchPlugin dc:title="a &lt; b" rdf:about = "http://ladspa.org/ontology#1193" />)");
  CHECK(classes == Classes{{"1895", "Delay"}, {"Eq10", "Equaliser"}, {"1193", "Pitch Shifter"}});
}

TEST_CASE("the_more_specific_of_two_classes_counts_in_either_order") {
  const std::string general = R"(<l:FilterPlugin rdf:about="&l;7"/>)",
                    specific = R"(<l:LowpassPlugin rdf:about="&l;7"/>)";
  for (const auto& text : {general + specific, specific + general}) {
    CHECK(classes_in(head + text) == Classes{{"7", "Lowpass"}});
  }
}

TEST_CASE("what_is_no_class_of_a_plugin_adds_nothing") {
  for (const std::string text :
       {"", "<", "<rdf:RDF", "no XML", "<l:ReverbPlugin rdf:about=", "<l:ReverbPlugin rdf:about='x#1", "<!--",
        "<!ENTITY l", "<l:ReverbPlugin rdf:about='x#1'/>",
        "<rdf:RDF xmlns:l='http://other.org/#'><l:ReverbPlugin rdf:about='x#1'/>"}) {
    CAPTURE(text);
    CHECK(classes_in(text).empty());
  }
  CHECK(classes_in(head + "<l:Plugin rdf:about='x#1'/><l:ReverbPlugin/><l:ReverbPlugin rdf:about='nothing'/>").empty());
}

TEST_CASE("rdf_files_name_the_values_of_a_port") {
  const LadspaRdf rdf = read(head + R"(
    <l:InputControlPort rdf:about="&l;1200.1"><l:hasScale><l:Scale>
      <l:hasPoint><l:Point rdf:value="4" l:hasLabel="S&amp;H" /></l:hasPoint>
      <l:hasPoint><l:Point rdf:value="-1" l:hasLabel="off" /></l:hasPoint>
      <l:hasPoint><l:Point rdf:value="4" l:hasLabel="again" /></l:hasPoint>
      <l:hasPoint><l:Point rdf:value="x" l:hasLabel="no number" /></l:hasPoint>
      <l:hasPoint><l:Point rdf:value="2" /></l:hasPoint>
    </l:Scale></l:hasScale></l:InputControlPort>
    <l:Point rdf:value="1" l:hasLabel="of no port" />
    <l:ReverbPlugin rdf:about="&l;7"><l:hasPort><l:InputControlPort rdf:about="&l;7.0" l:hasLabel="mode">
      <l:Point rdf:value="0.5" l:hasLabel="half" /></l:InputControlPort></l:hasPort></l:ReverbPlugin>)");
  REQUIRE(rdf.scales.size() == 2);
  const auto& scale = rdf.scales.at("1200.1");
  REQUIRE(scale.size() == 2);
  CHECK(scale[0].plain == -1.0f);
  CHECK(scale[0].label == "off");
  CHECK(scale[1].label == "S&H");
  CHECK(rdf.scales.at("7.0").at(0).label == "half");
  CHECK(rdf.classes == Classes{{"7", "Reverb"}});
}

TEST_CASE("a_knob_of_whole_numbers_that_all_have_names_becomes_a_choice") {
  Parameter whole{
      .id = "mode", .kind = ParameterKind::integer, .minimum = 0.0f, .maximum = 2.0f, .default_plain = 1.0f};
  const std::vector<ChoiceValue> all{{0.0f, "LP"}, {1.0f, "BP"}, {2.0f, "HP"}, {3.0f, "out of range"}};
  Parameter choice = whole;
  name_values(choice, all);
  CHECK(choice.kind == ParameterKind::choice);
  CHECK(choice.choices.size() == 3);
  CHECK(choice.to_plain(choice.default_setting()) == 1.0f);
  CHECK(choice.text(1.0f) == "HP");
  Parameter some = whole;
  name_values(some, {{0.0f, "off"}, {1.5f, "between"}, {2.0f, "full"}});
  CHECK(some.kind == ParameterKind::integer);
  CHECK(some.text(0.0f) == "off");
  Parameter smooth = whole;
  smooth.kind = ParameterKind::continuous;
  name_values(smooth, all);
  CHECK(smooth.kind == ParameterKind::continuous);
}

TEST_CASE("installed_ladspa_plugins_have_the_choices_of_their_files") {
  struct Expected {
    const char* id;
    const char* knob;
    const char* first;
    std::size_t count;
  };
  for (const Expected& expected : {Expected{"ladspa:caps#Compress", "mode", "no limiting", 3},
                                   Expected{"ladspa:tap_reverb#tap_reverb", "reverb_type", "AfterBurn", 43}}) {
    const auto& all = installed_effects();
    const auto found = std::ranges::find(all, expected.id, [](const EffectListing& l) { return l.info.id; });
    if (found == all.end()) {
      MESSAGE("skipped: not installed: " << expected.id);
      continue;
    }
    CAPTURE(expected.id);
    const Parameter& parameter = knob(*found, expected.knob);
    CHECK(parameter.kind == ParameterKind::choice);
    REQUIRE(parameter.choices.size() == expected.count);
    CHECK(parameter.choices[0].label == expected.first);
    // The plugin as it is opened has the same knobs.
    const auto effect = open_effect(*found, {SampleRate{48000.0}, 2});
    CHECK(std::ranges::equal(effect->parameters(), found->parameters, {}, &Parameter::kind, &Parameter::kind));
  }
}

TEST_CASE("installed_ladspa_plugins_have_the_class_of_their_files") {
  for (const auto& [id, klass] :
       {std::pair{"ladspa:gverb_1216#gverb", "Reverb"}, std::pair{"ladspa:tap_reverb#tap_reverb", "Reverb"},
        std::pair{"ladspa:caps#Compress", "Compressor"}, std::pair{"ladspa:delay_1898#delay_c", "Delay"}}) {
    const auto& shown = id;  // lambdas of Clang 14 take no structured bindings
    const auto& all = installed_effects();
    const auto found = std::ranges::find(all, id, [](const EffectListing& l) { return l.info.id; });
    if (found == all.end()) {
      MESSAGE("skipped: not installed: " << shown);
      continue;
    }
    CAPTURE(shown);
    CHECK(found->info.klass == klass);
  }
}

TEST_CASE("one_class_has_one_name_in_all_formats") {
  CHECK(effect_class("EQ") == "Equaliser");
  CHECK(effect_class("equalizer") == "Equaliser");
  CHECK(effect_class("pitch-shifter") == "Pitch Shifter");
  CHECK(effect_class("Pitch Shift") == "Pitch Shifter");
  CHECK(effect_class("multi-effects") == "Multi-effects");
  CHECK(effect_class("Reverb") == "Reverb");
  CHECK(effect_class("") == "");
}
