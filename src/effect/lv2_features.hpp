#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "soundalike/effect.hpp"

namespace soundalike {

/// Whether a plugin that requires this feature can run here.
bool lv2_offers(std::string_view feature_uri);

/// The number that stands for a URI in this process. The same for every plugin and for the life of the process, since
/// plugins keep such numbers in static variables. Safe from many threads.
std::uint32_t lv2_urid(const char* uri);

/// The host's side of one plugin instance: what the plugin may call. Must outlive the instance and stay where it is.
class Lv2Features {
 public:
  Lv2Features(const RenderSetup& setup, bool whole_blocks);
  ~Lv2Features();
  Lv2Features(const Lv2Features&) = delete;
  Lv2Features& operator=(const Lv2Features&) = delete;

  const void* array() const;  ///< null-terminated array of LV2_Feature pointers
  void* urid_map();           ///< LV2_URID_Map

  /// Told once the instance exists. @param descriptor, handle  LV2_Descriptor and LV2_Handle.
  void attach(const void* descriptor, void* handle);
  /// Called when the plugin asks for a larger buffer; returns false when it cannot have one.
  void on_resize(std::function<bool(std::uint32_t port, std::size_t bytes)> resize);
  /// Does the work the plugin has scheduled, here and now, and hands it the responses. After every run(), so that what
  /// a real-time host does some time later happens at a fixed place.
  void do_scheduled_work();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
