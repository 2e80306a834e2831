#include <fmt/format.h>
#include <lilv/lilv.h>
#include <lv2/core/lv2.h>
#include <lv2/presets/presets.h>

#include <memory>

#include "effect/lv2_preset.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

struct Free {
  void operator()(LilvWorld* world) const { lilv_world_free(world); }
  void operator()(LilvNode* node) const { lilv_node_free(node); }
  void operator()(LilvNodes* nodes) const { lilv_nodes_free(nodes); }
};
using World = std::unique_ptr<LilvWorld, Free>;
using Node = std::unique_ptr<LilvNode, Free>;
using Nodes = std::unique_ptr<LilvNodes, Free>;

[[noreturn]] void refuse(const std::filesystem::path& bundle, const std::string& problem) {
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot use preset '{}': {}", bundle.string(), problem));
}

}  // namespace

Preset read_lv2_preset(const std::filesystem::path& bundle) {
  if (!std::filesystem::exists(bundle / "manifest.ttl")) refuse(bundle, "it is no LV2 bundle: it has no manifest.ttl");
  const World world(lilv_world_new());
  const auto uri = [&](const char* text) { return Node(lilv_new_uri(world.get(), text)); };
  const auto value = [&](const LilvNode* subject, const char* predicate) {
    return Node(lilv_world_get(world.get(), subject, uri(predicate).get(), nullptr));
  };
  const std::string folder = std::filesystem::absolute(bundle / "").string();
  lilv_world_load_bundle(world.get(), Node(lilv_new_file_uri(world.get(), nullptr, folder.c_str())).get());
  const Nodes presets(
      lilv_world_find_nodes(world.get(), nullptr, uri(LILV_NS_RDF "type").get(), uri(LV2_PRESETS__Preset).get()));
  const unsigned count = lilv_nodes_size(presets.get());
  if (count != 1) refuse(bundle, fmt::format("the bundle holds {} presets, expected one", count));
  const LilvNode* preset = lilv_nodes_get_first(presets.get());
  lilv_world_load_resource(world.get(), preset);
  const Node effect = value(preset, LV2_CORE__appliesTo);
  if (!effect || !lilv_node_is_uri(effect.get())) refuse(bundle, "it does not say which plugin it is for");
  Preset read{std::string("lv2:") + lilv_node_as_uri(effect.get()), {}};
  const Nodes ports(lilv_world_find_nodes(world.get(), preset, uri(LV2_CORE__port).get(), nullptr));
  LILV_FOREACH(nodes, i, ports.get()) {
    const LilvNode* port = lilv_nodes_get(ports.get(), i);
    const Node symbol = value(port, LV2_CORE__symbol);
    Node number = value(port, LV2_PRESETS__value);
    if (!symbol || !number) continue;
    if (!lilv_node_is_float(number.get()) && !lilv_node_is_int(number.get())) continue;
    read.plain[lilv_node_as_string(symbol.get())] = lilv_node_as_float(number.get());
  }
  return read;
}

}  // namespace soundalike
