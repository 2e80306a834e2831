#include "effect/port_instance.hpp"

namespace soundalike {

void PortInstance::redirect(std::size_t channel, float* frames) {
  Output& output = outputs_[channel];
  float* to = frames ? frames : output.own;
  if (output.now == to) return;
  output.now = to;
  connect_port(output.port, to);
}

}  // namespace soundalike
