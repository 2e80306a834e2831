// The presets that match writes, loaded as a host would.
#include <doctest/doctest.h>
#include <lilv/lilv.h>
#include <lv2/presets/presets.h>
#include <lv2/urid/urid.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>

#include "cli/recordings.hpp"

namespace {

namespace fs = std::filesystem;

LV2_URID number_of(LV2_URID_Map_Handle handle, const char* uri) {
  auto& numbers = *static_cast<std::map<std::string, LV2_URID>*>(handle);
  return numbers.try_emplace(uri, static_cast<LV2_URID>(numbers.size() + 1)).first->second;
}

void take_port(const char* symbol, void* ports, const void* value, uint32_t size, uint32_t) {
  float plain = 0.0f;
  REQUIRE(size == sizeof plain);
  std::memcpy(&plain, value, size);
  (*static_cast<std::map<std::string, float>*>(ports))[symbol] = plain;
}

template <typename T>
auto owned(T* pointer, void (*release)(T*)) {
  return std::unique_ptr<T, void (*)(T*)>(pointer, release);
}

std::map<std::string, float> load_preset(const fs::path& plugin_bundle, const fs::path& bundle,
                                         const std::string& uri) {
  const auto world = owned(lilv_world_new(), lilv_world_free);
  for (const fs::path& folder : {plugin_bundle, bundle}) {
    const auto node = owned(lilv_new_file_uri(world.get(), nullptr, (folder.string() + "/").c_str()), lilv_node_free);
    lilv_world_load_bundle(world.get(), node.get());
  }
  const auto plugin_uri = owned(lilv_new_uri(world.get(), uri.c_str()), lilv_node_free);
  const LilvPlugin* plugin = lilv_plugins_get_by_uri(lilv_world_get_all_plugins(world.get()), plugin_uri.get());
  REQUIRE(plugin);
  const auto preset_class = owned(lilv_new_uri(world.get(), LV2_PRESETS__Preset), lilv_node_free);
  const auto presets = owned(lilv_plugin_get_related(plugin, preset_class.get()), lilv_nodes_free);
  REQUIRE(lilv_nodes_size(presets.get()) == 1);
  const LilvNode* preset = lilv_nodes_get_first(presets.get());
  REQUIRE(lilv_world_load_resource(world.get(), preset) > 0);
  std::map<std::string, LV2_URID> numbers;
  LV2_URID_Map map{&numbers, number_of};
  const auto state = owned(lilv_state_new_from_world(world.get(), &map, preset), lilv_state_free);
  REQUIRE(state);
  std::map<std::string, float> ports;
  lilv_state_emit_port_values(state.get(), take_port, &ports);
  return ports;
}

}  // namespace

TEST_CASE("the_presets_of_a_chain_hold_the_plain_values_of_its_recipe") {
  const recordings::Studio studio;
  const std::string knobs = recordings::test_effect("knobs"), gain = recordings::test_effect("gain");
  fs::rename(studio.path("ref.wav"), studio.path("clean.wav"));
  REQUIRE(studio({"render", "clean.wav", "-e", knobs, "-s", "mode=Dirty", "-o", "ref.wav"}).status == 0);
  REQUIRE(studio.match(knobs, {"-e", gain, "-s", "mode=Dirty", "-o", "out.wav"}).status == 0);
  const auto recipe = nlohmann::ordered_json::parse(recordings::bytes_of(studio.path("out.recipe.json")));
  const fs::path plugins = fs::path(std::getenv("SOUNDALIKE_BUILD")) / "tests/plugins/soundalike-test.lv2";
  REQUIRE(recipe["effects"].size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& effect = recipe["effects"][i];
    const auto ports = load_preset(plugins, studio.path("out." + std::to_string(i + 1) + ".preset.lv2"),
                                   effect["effect"].get<std::string>().substr(4));
    CHECK(ports.size() == effect["knobs"].size());
    for (const auto& knob : effect["knobs"]) {
      const auto port = ports.find(knob["id"].get<std::string>());
      REQUIRE(port != ports.end());
      CHECK(port->second == knob["plain"].get<float>());
    }
  }
}
