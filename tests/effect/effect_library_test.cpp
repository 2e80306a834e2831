#include "soundalike/effect_library.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "effect/temporary_bundles.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;
using namespace soundalike::test;
namespace fs = std::filesystem;

namespace {

const char* const range = "lv2:default 0.5 ; lv2:minimum 0 ; lv2:maximum 1";

struct Fixture {
  TempFolder folder;
  fs::path plugins = folder.path() / "lv2";
  fs::path cache = folder.path() / "cache/effects.cache";

  Fixture() {
    write_bundle(plugins / "one.lv2", {{"urn:test:One", "Test One", knob(2, "drive", range)}});
    write_bundle(plugins / "two.lv2", {{"urn:test:Two", "Test Two", knob(2, "mix", range)}});
  }
  EffectLibrary open() const { return EffectLibrary(lv2_only(plugins, cache)); }
};

std::vector<std::string> ids(const EffectLibrary& library) {
  std::vector<std::string> result;
  for (const EffectListing& listing : library.listings()) result.push_back(listing.info.id);
  return result;
}

void check_same(const EffectLibrary& a, const EffectLibrary& b) {
  REQUIRE(ids(a) == ids(b));
  for (std::size_t i = 0; i < a.listings().size(); ++i) {
    const EffectListing& x = a.listings()[i];
    const EffectListing& y = b.listings()[i];
    CHECK(x.info.name == y.info.name);
    CHECK(x.info.klass == y.info.klass);
    CHECK(x.info.author == y.info.author);
    CHECK(x.info.version == y.info.version);
    CHECK(x.info.audio_inputs == y.info.audio_inputs);
    CHECK(x.info.audio_outputs == y.info.audio_outputs);
    CHECK(x.bundle == y.bundle);
    CHECK(x.missing_features == y.missing_features);
    CHECK(x.unusable == y.unusable);
    REQUIRE(x.parameters.size() == y.parameters.size());
    for (std::size_t k = 0; k < x.parameters.size(); ++k) {
      const Parameter& p = x.parameters[k];
      const Parameter& q = y.parameters[k];
      CHECK(p.id == q.id);
      CHECK(p.name == q.name);
      CHECK(p.unit == q.unit);
      CHECK(p.kind == q.kind);
      CHECK(p.logarithmic == q.logarithmic);
      CHECK(p.minimum == q.minimum);
      CHECK(p.maximum == q.maximum);
      CHECK(p.default_plain == q.default_plain);
      CHECK(p.trigger == q.trigger);
      CHECK(p.scales_with_rate == q.scales_with_rate);
      REQUIRE(p.choices.size() == q.choices.size());
      for (std::size_t c = 0; c < p.choices.size(); ++c) {
        CHECK(p.choices[c].plain == q.choices[c].plain);
        CHECK(p.choices[c].label == q.choices[c].label);
      }
    }
  }
}

std::string find_error(const EffectLibrary& library, std::string_view text, ErrorCode code) {
  try {
    return "found " + library.find(text).info.id;
  } catch (const Error& error) {
    CHECK(error.code() == code);
    return error.what();
  }
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the_second_start_reads_the_cache_and_lists_the_same") {
  write_bundle(plugins / "rich.lv2",
               {{"urn:test:Rich", "Rich μ",
                 knob(2, "cutoff",
                      "lv2:portProperty lv2:sampleRate, pprops:logarithmic ; lv2:default 0.1 ; "
                      "lv2:minimum 0.001 ; lv2:maximum 0.5 ; units:unit units:hz") +
                     knob(3, "mode",
                          "lv2:portProperty lv2:enumeration, lv2:integer ; lv2:default 1 ; lv2:minimum 0 ; "
                          "lv2:maximum 1 ; lv2:scalePoint [ rdfs:label \"low\" ; rdf:value 0 ] , [ "
                          "rdfs:label \"high\" ; rdf:value 1 ]")},
                {"urn:test:Synth", "Rich Synth", "", false}});
  const EffectLibrary first = open();
  CHECK(!first.from_cache());
  REQUIRE(ids(first) ==
          std::vector<std::string>{"lv2:urn:test:One", "lv2:urn:test:Rich", "lv2:urn:test:Synth", "lv2:urn:test:Two"});
  CHECK(first.listings()[1].parameters.size() == 2);
  CHECK(first.listings()[1].parameters[1].choices.size() == 2);
  CHECK(!first.listings()[2].unusable.empty());
  const EffectLibrary second = open();
  CHECK(second.from_cache());
  check_same(first, second);
}

TEST_CASE_FIXTURE(Fixture, "an_added_bundle_is_seen") {
  open();
  write_bundle(plugins / "three.lv2", {{"urn:test:Three", "Test Three"}});
  const EffectLibrary library = open();
  CHECK(!library.from_cache());
  CHECK(library.listings().size() == 3);
  CHECK(open().from_cache());
}

TEST_CASE_FIXTURE(Fixture, "a_removed_bundle_is_seen") {
  open();
  fs::remove_all(plugins / "one.lv2");
  CHECK(ids(open()) == std::vector<std::string>{"lv2:urn:test:Two"});
}

TEST_CASE_FIXTURE(Fixture, "a_turtle_file_edited_in_place_is_seen_although_its_folder_keeps_its_time") {
  open();
  std::string text = read_text(plugins / "one.lv2/plugin.ttl");
  text.replace(text.find("Test One"), 8, "Test Own");
  write_text(plugins / "one.lv2/plugin.ttl", text);
  // A clock too coarse to tell the two writes apart must not decide the test.
  fs::last_write_time(plugins / "one.lv2/plugin.ttl", fs::file_time_type::clock::now() + std::chrono::seconds(2));
  const EffectLibrary library = open();
  CHECK(!library.from_cache());
  CHECK(library.find("Test Own").info.id == "lv2:urn:test:One");
}

TEST_CASE_FIXTURE(Fixture, "another_lv2_path_does_not_use_the_cache_of_the_first") {
  open();
  TempFolder other;
  write_bundle(other.path() / "x.lv2", {{"urn:test:X", "X"}});
  const EffectLibrary library(lv2_only(other.path(), cache));
  CHECK(ids(library) == std::vector<std::string>{"lv2:urn:test:X"});
}

TEST_CASE_FIXTURE(Fixture, "a_truncated_or_damaged_cache_is_scanned_anew_silently") {
  const EffectLibrary first = open();
  const std::string good = read_text(cache);
  REQUIRE(good.size() > 100);
  std::vector<std::string> bad{"", "x", good.substr(0, 20), good.substr(0, good.size() - 1), good + "x"};
  for (std::size_t position :
       {std::size_t{0}, std::size_t{9}, std::size_t{17}, std::size_t{30}, good.size() / 2, good.size() - 1}) {
    bad.push_back(good);
    bad.back()[position] = static_cast<char>(bad.back()[position] ^ 0x10);
  }
  for (const std::string& bytes : bad) {
    CAPTURE(bytes.size());
    write_text(cache, bytes);
    const EffectLibrary library = open();
    CHECK(!library.from_cache());
    check_same(first, library);
    CHECK(read_text(cache) == good);
  }
}

TEST_CASE_FIXTURE(Fixture, "a_cache_that_cannot_be_written_is_done_without") {
  write_text(folder.path() / "file", "");
  const EffectLibrary::Options options = lv2_only(plugins, folder.path() / "file/effects.cache");
  CHECK(EffectLibrary(options).listings().size() == 2);
  CHECK(!EffectLibrary(options).from_cache());
}

TEST_CASE_FIXTURE(Fixture, "writing_the_cache_leaves_nothing_else_behind") {
  open();
  std::vector<fs::path> files(fs::directory_iterator(cache.parent_path()), {});
  CHECK(files == std::vector<fs::path>{cache});
}

TEST_CASE_FIXTURE(Fixture, "without_a_cache_nothing_is_written") {
  const EffectLibrary library({.cache_file = cache,
                               .use_cache = false,
                               .lv2_path = plugins.string(),
                               .vst3_path = "",
                               .clap_path = "",
                               .ladspa_path = "",
                               .built_in = false});
  CHECK(library.listings().size() == 2);
  CHECK(!fs::exists(cache));
}

TEST_CASE_FIXTURE(Fixture, "the_first_folder_of_the_path_wins_where_two_hold_one_plugin") {
  TempFolder other;
  write_bundle(other.path() / "one.lv2", {{"urn:test:One", "Other One"}});
  const std::string path = other.path().string() + ":" + plugins.string();
  const EffectLibrary library(lv2_only(path));
  REQUIRE(library.listings().size() == 2);
  CHECK(library.listings()[0].bundle.string().starts_with(other.path().string()));
}

TEST_CASE("an_effect_is_found_by_id_uri_name_and_loosely_written_name") {
  TempFolder folder;
  write_bundle(folder.path() / "mda.lv2", {{"http://drobilla.net/plugins/mda/Overdrive", "MDA Overdrive"},
                                           {"http://drobilla.net/plugins/mda/Delay", "MDA Delay"},
                                           {"http://drobilla.net/plugins/mda/DubDelay", "MDA DubDelay"}});
  write_bundle(folder.path() / "swh.lv2", {{"http://plugin.org.uk/swh-plugins/gverb", "GVerb"},
                                           {"http://plugin.org.uk/swh-plugins/foverdrive", "Fast overdrive"}});
  write_bundle(folder.path() / "x42.lv2", {{"http://gareus.org/oss/lv2/fil4#mono", "x42-eq - Parametric Mono"},
                                           {"http://gareus.org/oss/lv2/fil4#stereo", "x42-eq - Parametric Stereo"},
                                           {"http://gareus.org/oss/lv2/dpl#stereo", "x42-dpl - Limiter Stereo"}});
  write_bundle(folder.path() / "twins.lv2", {{"urn:a:Twin", "Twin", "", false}, {"urn:b:Twin", "Twin"}});
  const EffectLibrary library(lv2_only(folder.path()));
  const auto found = [&](std::string_view text) { return library.find(text).info.id; };
  const std::string drive = "lv2:http://drobilla.net/plugins/mda/Overdrive";
  CHECK(found(drive) == drive);
  CHECK(found("http://drobilla.net/plugins/mda/Overdrive") == drive);
  CHECK(found("MDA Overdrive") == drive);
  CHECK(found("Overdrive") == drive);
  CHECK(found("mda overdrive") == drive);
  CHECK(found("mda_overdrive") == drive);
  CHECK(found("overDRIVE") == drive);
  CHECK(found("mda-delay") == "lv2:http://drobilla.net/plugins/mda/Delay");
  CHECK(found("Delay") == "lv2:http://drobilla.net/plugins/mda/Delay");
  CHECK(found("swh gverb") == "lv2:http://plugin.org.uk/swh-plugins/gverb");
  CHECK(found("x42 dpl") == "lv2:http://gareus.org/oss/lv2/dpl#stereo");
  CHECK(found("fil4#mono") == "lv2:http://gareus.org/oss/lv2/fil4#mono");
  CHECK(found("Twin") == "lv2:urn:b:Twin");  // the other is an instrument

  CHECK(
      find_error(library, "x42 eq", ErrorCode::not_found) ==
      "cannot open effect 'x42 eq': it may be 'x42-eq - Parametric Mono' (lv2:http://gareus.org/oss/lv2/fil4#mono) or "
      "'x42-eq - Parametric Stereo' (lv2:http://gareus.org/oss/lv2/fil4#stereo); give the id");
  CHECK(find_error(library, "mda Overdrve", ErrorCode::not_found) ==
        "cannot open effect 'mda Overdrve': no such effect; did you mean 'MDA Overdrive' (" + drive +
            ")? (soundalike effects lists all)");
  CHECK(find_error(library, "fastover", ErrorCode::not_found).find("did you mean 'Fast overdrive'") !=
        std::string::npos);
  CHECK(find_error(library, "mda Overdirve", ErrorCode::not_found).find("did you mean 'MDA Overdrive'") !=
        std::string::npos);
  CHECK(find_error(library, "zzzzzzzz", ErrorCode::not_found) ==
        "cannot open effect 'zzzzzzzz': no such effect (soundalike effects lists all)");
  CHECK(find_error(library, "", ErrorCode::not_found) ==
        "cannot open effect '': no such effect (soundalike effects lists all)");
  const std::string unusable = find_error(library, "urn:a:Twin", ErrorCode::unsupported);
  CHECK(unusable.starts_with("cannot use effect 'Twin' (lv2:urn:a:Twin): "));
  CHECK(unusable.find(library.listings()[5].unusable) != std::string::npos);
}

TEST_CASE("a_machine_without_plugins_says_so") {
  TempFolder folder;
  const EffectLibrary library(lv2_only(folder.path()));
  CHECK(library.listings().empty());
  CHECK(find_error(library, "MDA Delay", ErrorCode::not_found) == "cannot open effect 'MDA Delay': no effects found");
}

TEST_CASE("a_name_in_several_formats_is_the_first_of_them") {
  TempFolder folder;
  write_bundle(folder.path() / "a.lv2", {{"urn:a:Comp", "Compressor"}, {"urn:a:Gain", "Test LADSPA Gain"}});
  write_bundle(folder.path() / "b.lv2", {{"urn:b:Reverb", "Reverb"}, {"urn:c:Reverb", "Reverb"}});
  EffectLibrary::Options options = lv2_only(folder.path());
  options.built_in = true;
  options.clap_path = "";
  options.ladspa_path = std::string(std::getenv("SOUNDALIKE_BUILD")) + "/tests/plugins/ladspa";
  const EffectLibrary library(options);
  CHECK(library.find("Compressor").info.id == "lv2:urn:a:Comp");
  CHECK(library.find("compressor").info.id == "lv2:urn:a:Comp");
  CHECK(library.find("builtin:compressor").info.id == "builtin:compressor");
  CHECK(library.find("test ladspa gain").info.id == "lv2:urn:a:Gain");
  CHECK(library.find("ladspa:soundalike-test#gain").info.id == "ladspa:soundalike-test#gain");
  CHECK(library.find("limiter").info.id == "builtin:limiter");
  CHECK(library.find("parametric_eq").info.id == "builtin:eq");
  CHECK(library.find("ladspa:Test LADSPA Gain").info.id == "ladspa:soundalike-test#gain");
  CHECK(library.find("ladspa:test_ladspa_gain").info.id == "ladspa:soundalike-test#gain");
  CHECK(library.find("lv2:Gain").info.id == "lv2:urn:a:Gain");
  CHECK(find_error(library, "ladspa:Compressor", ErrorCode::not_found) ==
        "cannot open effect 'ladspa:Compressor': no such effect (soundalike effects lists all)");
  CHECK(find_error(library, "vst3:Compressor", ErrorCode::not_found) ==
        "cannot open effect 'vst3:Compressor': no effects of this format found");
  // Two of one format stay two.
  CHECK(find_error(library, "Reverb", ErrorCode::not_found) ==
        "cannot open effect 'Reverb': it may be 'Reverb' (builtin:reverb), 'Reverb' (lv2:urn:b:Reverb) or 'Reverb' "
        "(lv2:urn:c:Reverb); give the id");
  CHECK(std::ranges::is_sorted(ids(library)));
}
