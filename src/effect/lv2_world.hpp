#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "effect/lv2_model.hpp"

namespace soundalike {

/// The bundles on a colon-separated path, in its order.
std::vector<std::filesystem::path> lv2_bundles(const std::string& path);

/// The Turtle files of one bundle, read through lilv. For one thread.
class Lv2World {
 public:
  explicit Lv2World(const std::filesystem::path& bundle);
  ~Lv2World();
  Lv2World(Lv2World&&) noexcept;

  /// The URIs of its plugins, sorted.
  const std::vector<std::string>& plugins() const;
  /// Nothing when the bundle does not have the plugin.
  std::optional<Lv2Model> model(const std::string& uri) const;

  /// Restores the state its bundle stores for the plugin, if there is one, into an instance.
  /// @param descriptor, handle  LV2_Descriptor and LV2_Handle of the instance.
  /// @param urid_map  LV2_URID_Map.
  /// @param features  null-terminated LV2_Feature array.
  void restore_default_state(const std::string& uri, const void* descriptor, void* handle, void* urid_map,
                             const void* features) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
