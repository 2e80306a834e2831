#include "effect/lv2_world.hpp"

#include <lilv/lilv.h>
#include <lv2/core/lv2.h>

#include <algorithm>

#include "effect/lv2_reader.hpp"
#include "effect/lv2_vocabulary.hpp"
#include "effect/search_path.hpp"

namespace soundalike {

std::vector<std::filesystem::path> lv2_bundles(const std::string& path) {
  std::vector<std::filesystem::path> bundles;
  for (const std::string& folder : folders_of(path)) {
    const std::size_t first = bundles.size();
    std::error_code error;  // a folder that is not there, or is not ours to read, holds no effects
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (std::filesystem::exists(entry.path() / "manifest.ttl", error)) bundles.push_back(entry.path());
    }
    std::sort(bundles.begin() + static_cast<std::ptrdiff_t>(first), bundles.end());
  }
  return bundles;
}

struct Lv2World::State {
  struct Free {
    void operator()(LilvWorld* opened) const { lilv_world_free(opened); }
  };
  std::unique_ptr<LilvWorld, Free> world{lilv_world_new()};
  Lv2Vocabulary words{world.get()};
  std::vector<std::string> plugins;
};

Lv2World::Lv2World(const std::filesystem::path& bundle) : state_(std::make_unique<State>()) {
  LilvWorld* world = state_->world.get();
  // Dynamic manifests are programs.
  lilv_world_set_option(world, LILV_OPTION_DYN_MANIFEST, LilvNodePointer(lilv_new_bool(world, false)).get());
  const std::string folder = std::filesystem::absolute(bundle / "").string();  // a bundle's URI ends in a slash
  if (std::filesystem::exists(folder + "manifest.ttl")) {                      // lilv would complain aloud
    lilv_world_load_bundle(world, LilvNodePointer(lilv_new_file_uri(world, nullptr, folder.c_str())).get());
  }
  const LilvPlugins* plugins = lilv_world_get_all_plugins(world);
  LILV_FOREACH(plugins, i, plugins) {
    state_->plugins.push_back(text_of(lilv_plugin_get_uri(lilv_plugins_get(plugins, i))));
  }
  std::sort(state_->plugins.begin(), state_->plugins.end());
}
Lv2World::~Lv2World() = default;
Lv2World::Lv2World(Lv2World&&) noexcept = default;

const std::vector<std::string>& Lv2World::plugins() const { return state_->plugins; }

std::optional<Lv2Model> Lv2World::model(const std::string& uri) const {
  LilvWorld* world = state_->world.get();
  const LilvNodePointer node(lilv_new_uri(world, uri.c_str()));
  const LilvPlugin* plugin = node ? lilv_plugins_get_by_uri(lilv_world_get_all_plugins(world), node.get()) : nullptr;
  if (!plugin) return std::nullopt;
  return read_lv2_model(world, state_->words, plugin);
}

void Lv2World::restore_default_state(const std::string& uri, const void* descriptor, void* handle, void* urid_map,
                                     const void* features) const {
  LilvWorld* world = state_->world.get();
  const LilvNodePointer node(lilv_new_uri(world, uri.c_str()));
  LilvState* state = lilv_state_new_from_world(world, static_cast<LV2_URID_Map*>(urid_map), node.get());
  if (!state) return;
  LilvInstance instance{static_cast<const LV2_Descriptor*>(descriptor), handle, nullptr};
  lilv_state_restore(state, &instance, nullptr, nullptr, 0, static_cast<const LV2_Feature* const*>(features));
  lilv_state_free(state);
}

}  // namespace soundalike
