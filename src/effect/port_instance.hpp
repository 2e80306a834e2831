#pragma once

#include <cstddef>
#include <vector>

#include "effect/plugin_instance.hpp"

namespace soundalike {

/// An instance of a plugin whose format hands it the address of each port.
class PortInstance : public PluginInstance {
 public:
  float* input(std::size_t channel) final { return inputs_[channel]; }
  const float* output(std::size_t channel) const final { return outputs_[channel]; }

 protected:
  void add_input(float* block) { inputs_.push_back(block); }
  void add_output(const float* block) { outputs_.push_back(block); }

 private:
  std::vector<float*> inputs_;
  std::vector<const float*> outputs_;
};

}  // namespace soundalike
