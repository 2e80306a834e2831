#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "effect/clap_library.hpp"

namespace soundalike::clap {

/// Channels of a plugin's audio ports, and which of these a recording goes through.
struct Ports {
  std::vector<std::size_t> inputs, outputs;  ///< channels of each
  std::size_t main_input = 0, main_output = 0;

  /// Channels that carry the recording: of a wider port the first two.
  std::size_t width_in() const;
  std::size_t width_out() const;
  bool operator==(const Ports&) const = default;
};

/// One plugin with the host it talks to. For one thread, which is the main and the audio thread at once.
class Plugin {
 public:
  /// Makes and initialises it. @throws Error plugin_failed.
  Plugin(const Library& library, const ClassInfo& info);
  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  const std::string& name() const { return name_; }
  const clap_plugin& get() const { return *plugin_; }
  /// Null where the plugin does not have it.
  template <typename Extension>
  const Extension* extension(const char* id) const {
    return static_cast<const Extension*>(plugin_->get_extension(plugin_, id));
  }
  Ports ports() const;

  /// Does what the plugin asked to have done on the main thread.
  void answer_requests();
  /// Whether the plugin has asked to be activated anew since this was last asked.
  bool take_restart();

 private:
  struct Requests {
    bool restart = false;
    bool callback = false;
  };
  std::string name_;
  Requests requests_;
  clap_host host_;
  const clap_plugin* plugin_ = nullptr;
};

}  // namespace soundalike::clap
