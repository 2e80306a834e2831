#include "soundalike/preset.hpp"

#include <doctest/doctest.h>
#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/presets/presets.h>
#include <lv2/urid/urid.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "effect/temporary_bundles.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;
using namespace soundalike::test;
namespace fs = std::filesystem;

namespace {

constexpr SampleRate rate{44100.0};

/// What a host sees after loading the preset bundle with lilv.
struct LoadedPreset {
  std::string label;
  std::map<std::string, float> ports;
  bool all_floats = true;
};

struct Ids {
  std::map<std::string, LV2_URID> known;
  static LV2_URID map(LV2_URID_Map_Handle handle, const char* uri) {
    auto& known = static_cast<Ids*>(handle)->known;
    return known.emplace(uri, static_cast<LV2_URID>(known.size() + 1)).first->second;
  }
};

struct Load {
  LoadedPreset result;
  LV2_URID float_type = 0;
};

void take_port(const char* symbol, void* data, const void* value, uint32_t size, uint32_t type) {
  auto& load = *static_cast<Load*>(data);
  if (type != load.float_type || size != sizeof(float)) {
    load.result.all_floats = false;
    return;
  }
  load.result.ports[symbol] = *static_cast<const float*>(value);
}

/// Loads the one preset that `bundle` gives for the plugin of `plugin_bundle`.
LoadedPreset load(const fs::path& bundle, const fs::path& plugin_bundle, const std::string& plugin_uri) {
  std::unique_ptr<LilvWorld, decltype(&lilv_world_free)> world(lilv_world_new(), lilv_world_free);
  const auto node = [&](LilvNode* n) {
    return std::unique_ptr<LilvNode, decltype(&lilv_node_free)>(n, lilv_node_free);
  };
  for (const fs::path& folder : {plugin_bundle, bundle}) {
    lilv_world_load_bundle(world.get(),
                           node(lilv_new_file_uri(world.get(), nullptr, (folder.string() + "/").c_str())).get());
  }
  const auto uri = node(lilv_new_uri(world.get(), plugin_uri.c_str()));
  const LilvPlugin* plugin = lilv_plugins_get_by_uri(lilv_world_get_all_plugins(world.get()), uri.get());
  REQUIRE(plugin);
  const auto preset_class = node(lilv_new_uri(world.get(), LV2_PRESETS__Preset));
  std::unique_ptr<LilvNodes, decltype(&lilv_nodes_free)> presets(lilv_plugin_get_related(plugin, preset_class.get()),
                                                                 lilv_nodes_free);
  REQUIRE(lilv_nodes_size(presets.get()) == 1);
  const LilvNode* preset = lilv_nodes_get_first(presets.get());
  REQUIRE(lilv_world_load_resource(world.get(), preset) > 0);

  Ids ids;
  LV2_URID_Map map{&ids, Ids::map};
  Load loaded;
  loaded.float_type = Ids::map(&ids, LV2_ATOM__Float);
  std::unique_ptr<LilvState, decltype(&lilv_state_free)> state(lilv_state_new_from_world(world.get(), &map, preset),
                                                               lilv_state_free);
  REQUIRE(state);
  loaded.result.label = lilv_state_get_label(state.get());
  lilv_state_emit_port_values(state.get(), take_port, &loaded);
  return loaded.result;
}

struct Fixture {
  TempFolder folder;
  std::string uri = "http://example.org/plugin?a=1&b=(2)#x";
  fs::path plugin = folder.path() / "lv2/test.lv2";
  fs::path bundle = folder.path() / "lv2/mine.preset.lv2";
  EffectListing listing;

  Fixture() {
    const std::string knobs =
        knob(2, "drive", "lv2:default 0.3 ; lv2:minimum -60 ; lv2:maximum 20") +
        knob(3, "cutoff", "lv2:portProperty lv2:sampleRate ; lv2:default 0.1 ; lv2:minimum 0.001 ; lv2:maximum 0.5") +
        knob(4, "voices", "lv2:portProperty lv2:integer ; lv2:default 2 ; lv2:minimum 1 ; lv2:maximum 8") +
        knob(5, "mode",
             "lv2:portProperty lv2:enumeration ; lv2:default 0.5 ; lv2:minimum 0 ; lv2:maximum 1 ; "
             "lv2:scalePoint [ rdfs:label \"a\" ; rdf:value 0 ] , [ rdfs:label \"b\" ; rdf:value 0.5 ] , [ "
             "rdfs:label \"c\" ; rdf:value 1 ]") +
        knob(6, "on", "lv2:portProperty lv2:toggled ; lv2:default 0 ; lv2:minimum 0 ; lv2:maximum 1") +
        knob(7, "tiny", "lv2:default 0 ; lv2:minimum 0 ; lv2:maximum 1e-9") +
        knob(8, "huge", "lv2:default 0 ; lv2:minimum 0 ; lv2:maximum 3e9");
    write_bundle(plugin, {{uri, "Test", knobs}});
    const EffectLibrary library(lv2_only(plugin.parent_path()));
    listing = library.find("Test");
  }

  LoadedPreset write_and_load(std::span<const float> settings, const std::string& label) {
    write_preset(bundle, listing, settings, rate, label);
    return load(bundle, plugin, uri);
  }
  std::string write_error(ErrorCode code, std::span<const float> settings) {
    try {
      write_preset(bundle, listing, settings, rate, "x");
    } catch (const Error& error) {
      CHECK(error.code() == code);
      return error.what();
    }
    return "no error";
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(bundle.parent_path()), {}));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a_preset_loaded_with_lilv_gives_every_port_the_value_of_the_render") {
  REQUIRE(listing.parameters.size() == 7);
  for (float setting : {0.0f, 0.1f, 1.0f / 3.0f, 0.5f, 0.77777779f, 1.0f}) {
    CAPTURE(setting);
    const std::vector<float> settings(7, setting);
    const LoadedPreset loaded = write_and_load(settings, "One");
    CHECK(loaded.label == "One");
    CHECK(loaded.all_floats);
    REQUIRE(loaded.ports.size() == 7);
    for (const Parameter& parameter : listing.parameters) {
      CAPTURE(parameter.id);
      CHECK(loaded.ports.at(parameter.id) == parameter.at_rate(rate.hz).to_plain(setting));
    }
  }
  const LoadedPreset top = write_and_load(std::vector<float>(7, 1.0f), "Top");
  CHECK(top.ports.at("cutoff") == 22050.0f);
  CHECK(top.ports.at("voices") == 8.0f);
  CHECK(top.ports.at("mode") == 1.0f);
  CHECK(top.ports.at("on") == 1.0f);
  CHECK(top.ports.at("huge") == 3e9f);
}

TEST_CASE_FIXTURE(Fixture, "any_label_survives") {
  const std::vector<float> settings(7, 0.5f);
  for (const char* label :
       {"", "a \"quoted\" \\ label", "line\nbreak\ttab\x01", "höher ♫ 𝄞", "\"\"\" . <> a pset:Preset"}) {
    CHECK(write_and_load(settings, label).label == label);
  }
  CHECK(write_and_load(settings, "broken \xff\xc3").label == "broken \xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE_FIXTURE(Fixture, "a_preset_of_ours_is_replaced_and_nothing_stays_beside_it") {
  const std::vector<float> low(7, 0.0f);
  const std::vector<float> high(7, 1.0f);
  CHECK(write_and_load(low, "x").ports.at("drive") == -60.0f);
  CHECK(write_and_load(high, "x").ports.at("drive") == 20.0f);
  CHECK(entries() == 2);  // the plugin and the preset
  fs::remove_all(bundle);
  fs::create_directory(bundle);
  CHECK(write_and_load(low, "into an empty folder").ports.at("drive") == -60.0f);
}

TEST_CASE_FIXTURE(Fixture, "a_folder_of_someone_else_is_refused_and_left_alone") {
  const std::vector<float> settings(7, 0.5f);
  const std::string refused = "cannot write preset '" + bundle.string() +
                              "': the folder exists and is not a preset written by soundalike alone; name another or "
                              "remove it";
  write_bundle(bundle, {{"urn:other", "Other"}});
  const std::string manifest = read_text(bundle / "manifest.ttl");
  CHECK(write_error(ErrorCode::invalid_argument, settings) == refused);
  CHECK(read_text(bundle / "manifest.ttl") == manifest);
  fs::remove_all(bundle);
  write_preset(bundle, listing, settings, rate, "x");
  write_text(bundle / "notes.txt", "mine");
  CHECK(write_error(ErrorCode::invalid_argument, settings) == refused);
  CHECK(read_text(bundle / "notes.txt") == "mine");
  fs::remove_all(bundle);
  write_text(bundle, "a file");
  CHECK(write_error(ErrorCode::invalid_argument, settings) ==
        "cannot write preset '" + bundle.string() + "': there is a file of this name; name another folder");
  CHECK(entries() == 2);
}

TEST_CASE_FIXTURE(Fixture, "impossible_settings_and_folders_are_refused_before_anything_is_written") {
  std::vector<float> settings(7, 0.5f);
  settings[2] = 1.5f;
  CHECK(write_error(ErrorCode::invalid_argument, settings) ==
        "cannot write preset '" + bundle.string() + "': setting 'voices' is 1.5; it must lie from 0 to 1");
  CHECK(write_error(ErrorCode::invalid_argument, std::vector<float>(3, 0.5f)) ==
        "cannot write preset '" + bundle.string() + "': 'Test' has 7 parameters, got 3 settings");
  CHECK(entries() == 1);
  bundle = folder.path() / "nowhere/mine.preset.lv2";
  settings[2] = 0.5f;
  CHECK(write_error(ErrorCode::not_found, settings) == "cannot write preset '" + bundle.string() +
                                                           "': no such folder '" + bundle.parent_path().string() +
                                                           "'; make it first");
}

TEST_CASE_FIXTURE(Fixture, "a_trailing_slash_names_the_same_folder") {
  write_preset(bundle / "", listing, std::vector<float>(7, 0.5f), rate, "x");
  CHECK(fs::exists(bundle / "preset.ttl"));
  CHECK(entries() == 2);
}

TEST_CASE("an_effect_without_knobs_still_gets_a_preset_that_loads") {
  TempFolder folder;
  write_bundle(folder.path() / "lv2/test.lv2", {{"urn:test:none", "None"}});
  const EffectLibrary library(lv2_only(folder.path() / "lv2"));
  write_preset(folder.path() / "p.preset.lv2", library.find("None"), {}, rate, "None");
  CHECK(read_text(folder.path() / "p.preset.lv2/preset.ttl").ends_with("rdfs:label \"None\" .\n"));
}

TEST_CASE_FIXTURE(Fixture, "only_a_preset_of_that_label_is_removed") {
  const std::vector<float> settings(7, 0.5f);
  CHECK_FALSE(remove_preset(bundle, "Mine"));
  write_preset(bundle, listing, settings, rate, "Mine \"too\"\n");
  CHECK_FALSE(remove_preset(bundle, "Mine"));
  const fs::path link = bundle.parent_path() / "link.preset.lv2", stray = bundle / "notes.txt";
  fs::create_directory_symlink(bundle, link);
  CHECK_FALSE(remove_preset(link, "Mine \"too\"\n"));
  std::ofstream(stray) << "mine";
  CHECK_FALSE(remove_preset(bundle, "Mine \"too\"\n"));
  fs::remove(stray);
  CHECK(fs::exists(bundle / "preset.ttl"));
  CHECK(remove_preset(bundle, "Mine \"too\"\n"));
  CHECK_FALSE(fs::exists(bundle));
}
