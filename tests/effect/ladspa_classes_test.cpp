#include "effect/ladspa_classes.hpp"

#include <doctest/doctest.h>

#include "effect/effect_class.hpp"
#include "real_plugins.hpp"

using namespace soundalike;

namespace {

const std::string head = R"(<?xml version='1.0'?>
<!DOCTYPE rdf:RDF [ <!ENTITY l 'http://ladspa.org/ontology#'> <!ENTITY rdf "http://www.w3.org/1999/02/22-rdf-syntax-ns#"> ]>
<rdf:RDF xmlns:rdf="&rdf;" xmlns:l="&l;" xmlns:dc="http://purl.org/dc/elements/1.1/">
)";

LadspaClasses classes_in(const std::string& text) {
  LadspaClasses classes;
  read_ladspa_classes(text, classes);
  return classes;
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
  CHECK(classes == LadspaClasses{{"1895", "Delay"}, {"Eq10", "Equaliser"}, {"1193", "Pitch Shifter"}});
}

TEST_CASE("the_more_specific_of_two_classes_counts_in_either_order") {
  const std::string general = R"(<l:FilterPlugin rdf:about="&l;7"/>)",
                    specific = R"(<l:LowpassPlugin rdf:about="&l;7"/>)";
  for (const auto& text : {general + specific, specific + general}) {
    CHECK(classes_in(head + text) == LadspaClasses{{"7", "Lowpass"}});
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

TEST_CASE("installed_ladspa_plugins_have_the_class_of_their_files") {
  for (const auto& [id, klass] :
       {std::pair{"ladspa:gverb_1216#gverb", "Reverb"}, std::pair{"ladspa:tap_reverb#tap_reverb", "Reverb"},
        std::pair{"ladspa:caps#Compress", "Compressor"}, std::pair{"ladspa:delay_1898#delay_c", "Delay"}}) {
    const auto& all = installed_effects();
    const auto found = std::ranges::find(all, id, [](const EffectListing& l) { return l.info.id; });
    if (found == all.end()) {
      MESSAGE("skipped: not installed: " << id);
      continue;
    }
    CAPTURE(id);
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
