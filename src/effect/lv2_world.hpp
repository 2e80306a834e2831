#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "lv2_model.hpp"

namespace soundalike {

/// The Turtle files of some plugins, read through lilv. For one thread.
class Lv2World {
 public:
  /// All bundles of a colon-separated path; empty: $LV2_PATH or the standard folders.
  static Lv2World installed(const std::string& lv2_path);
  /// One bundle.
  static Lv2World of_bundle(const std::filesystem::path& bundle);
  ~Lv2World();
  Lv2World(Lv2World&&) noexcept;

  std::vector<Lv2Model> models() const;
  /// Nothing when no bundle read here has the plugin.
  std::optional<Lv2Model> model(const std::string& uri) const;

  /// Restores the state its bundle stores for the plugin, if there is one, into an instance.
  /// @param descriptor, handle  LV2_Descriptor and LV2_Handle of the instance.
  /// @param urid_map  LV2_URID_Map.
  /// @param features  null-terminated LV2_Feature array.
  void restore_default_state(const std::string& uri, const void* descriptor, void* handle, void* urid_map,
                             const void* features) const;

 private:
  struct State;
  explicit Lv2World(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
