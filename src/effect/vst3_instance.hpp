#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "effect/plugin_instance.hpp"
#include "effect/sample_blocks.hpp"
#include "effect/vst3_buses.hpp"
#include "effect/vst3_changes.hpp"
#include "effect/vst3_plugin.hpp"
#include "soundalike/effect.hpp"

namespace soundalike::vst3 {

/// A value of a parameter of the plugin.
struct ParameterValue {
  std::uint32_t id = 0;
  double value = 0.0;  ///< normalised
};

/// One running plugin with buffers for all its buses, offline, the transport playing from zero at 120 BPM. All memory
/// starts as zeros. For one thread.
class Instance : public PluginInstance {
 public:
  /// @param buses as arrange_buses() must find them again. @throws Error plugin_failed when the plugin refuses.
  Instance(const Module& module, const ClassInfo& info, const RenderSetup& setup, const Buses& buses,
           std::span<const ParameterValue> values);
  ~Instance() override;
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  /// Of the main bus: block_size frames, to be filled before each run(), as a plugin may write to its input.
  float* input(std::size_t channel) override { return input_pointers_[buses_.main_input][channel]; }
  /// What run() wrote.
  const float* output(std::size_t channel) const override { return output_pointers_[buses_.main_output][channel]; }

  /// The settings arrive with the first frame of the first run. @throws Error plugin_failed.
  void run(std::size_t frames) override;
  /// Where the first run changed the latency.
  bool restarted() override;
  float reported_latency() const override;
  const Plugin& plugin() const { return plugin_; }

 private:
  void start();
  void stop();
  void connect_buses();

  Plugin plugin_;
  RenderSetup setup_;
  Buses buses_;
  SampleBlocks samples_;
  std::vector<std::vector<float*>> input_pointers_, output_pointers_;  // [bus][channel]
  std::vector<Steinberg::Vst::AudioBusBuffers> inputs_, outputs_;
  Handle<ParameterChanges> changes_ = make_object<ParameterChanges>();
  Handle<ParameterChanges> none_ = make_object<ParameterChanges>();
  Handle<ParameterChanges> reported_ = make_object<ParameterChanges>();
  Handle<NoEvents> no_events_ = make_object<NoEvents>();
  std::size_t position_ = 0;  // frames processed
  bool running_ = false;
};

}  // namespace soundalike::vst3
