#pragma once

#include <cstddef>
#include <vector>

#include "effect/plugin_instance.hpp"

namespace soundalike {

/// An instance of a plugin whose format hands it the address of each port and lets these change between runs.
class PortInstance : public PluginInstance {
 public:
  float* input(std::size_t channel) final { return inputs_[channel]; }
  const float* output(std::size_t channel) const final { return outputs_[channel].own; }
  void redirect(std::size_t channel, float* frames) final;

 protected:
  void add_input(float* block) { inputs_.push_back(block); }
  void add_output(std::size_t port, float* block) { outputs_.push_back({port, block, block}); }
  virtual void connect_port(std::size_t port, void* data) = 0;

 private:
  struct Output {
    std::size_t port = 0;
    float* own = nullptr;
    float* now = nullptr;  // where it goes
  };
  std::vector<float*> inputs_;
  std::vector<Output> outputs_;
};

}  // namespace soundalike
