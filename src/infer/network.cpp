#include "soundalike/network.hpp"

#include <fmt/format.h>

#include "infer/step.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

const Block& block_of(const Checkpoint& checkpoint, std::string_view name) {
  const auto found = checkpoint.blocks.find(std::string(name));
  if (found != checkpoint.blocks.end()) return found->second;
  std::string known;
  for (const auto& [key, block] : checkpoint.blocks) known += fmt::format("{}{}", known.empty() ? "" : ", ", key);
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot use checkpoint '{}': it has no block '{}'; it has {}",
                                                       checkpoint.name, name, known.empty() ? "none" : known));
}

}  // namespace

struct Network::State {
  infer::Shape input;
  std::size_t input_size;
  infer::Sequence layers;
  std::size_t output_size;
};

Network::Network(const Checkpoint& checkpoint, std::string_view block) {
  const Block& description = block_of(checkpoint, block);
  const std::string where = fmt::format("cannot use checkpoint '{}': block '{}'", checkpoint.name, block);
  const std::size_t input_size = infer::count_of(description.input, where);
  infer::Sequence layers(checkpoint, description.layers, description.input, where);
  const std::size_t output_size = infer::count_of(layers.output(), where);
  state_ = std::make_unique<State>(State{description.input, input_size, std::move(layers), output_size});
}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

const std::vector<std::size_t>& Network::input_shape() const { return state_->input; }
const std::vector<std::size_t>& Network::output_shape() const { return state_->layers.output(); }
std::size_t Network::input_size() const { return state_->input_size; }
std::size_t Network::output_size() const { return state_->output_size; }

std::vector<float> Network::run(std::span<const float> input) const {
  if (input.size() != state_->input_size) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("a network takes {} numbers of shape {}, given are {}", state_->input_size,
                            infer::to_text(state_->input), input.size()));
  }
  return state_->layers.run({input.begin(), input.end()});
}

}  // namespace soundalike
