#pragma once

#include <span>
#include <vector>

#include "effect/clap_plugin.hpp"
#include "effect/plugin_instance.hpp"
#include "effect/sample_blocks.hpp"
#include "soundalike/effect.hpp"

namespace soundalike::clap {

/// What a parameter is set to, in the plugin's own number.
struct ParameterValue {
  clap_id id = CLAP_INVALID_ID;
  double value = 0.0;
};

/// One instance with buffers for all its audio ports, activated and processing. Ports that are not the main ones are
/// fed silence or dropped. All memory starts as zeros.
class Instance : public PluginInstance {
 public:
  /// @param ports as the effect was opened with. @throws Error plugin_failed.
  Instance(const Library& library, const ClassInfo& info, const RenderSetup& setup, const Ports& ports,
           std::span<const ParameterValue> values);
  ~Instance() override;

  float* input(std::size_t channel) override { return input_channels_[ports_.main_input][channel]; }
  const float* output(std::size_t channel) const override { return output_channels_[ports_.main_output][channel]; }
  void run(std::size_t frames) override;
  bool restarted() override;
  float reported_latency() const override { return latency_; }

 private:
  void connect();
  void activate();
  void start();
  void stop();
  void read_latency();

  Plugin plugin_;
  RenderSetup setup_;
  Ports ports_;
  SampleBlocks samples_;
  std::vector<std::vector<float*>> input_channels_, output_channels_;  // by port
  std::vector<clap_audio_buffer> inputs_, outputs_;
  std::vector<clap_event_param_value> events_;  // what the first block begins with
  std::int64_t position_ = 0;
  float latency_ = 0.0f;
  bool running_ = false;
};

}  // namespace soundalike::clap
