#include "soundalike/encoder.hpp"

#include <fmt/format.h>

#include "infer/step.hpp"
#include "soundalike/error.hpp"
#include "soundalike/network.hpp"

namespace soundalike {

struct Encoder::State {
  std::string name;
  std::string digest;
  EncoderInput input;
  Network network;
};

Encoder::Encoder(const Checkpoint& checkpoint) {
  if (checkpoint.kind != "encoder") {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot encode with checkpoint '{}': it is of kind '{}', not 'encoder'", checkpoint.name,
                            checkpoint.kind));
  }
  state_ = std::make_unique<State>(
      State{checkpoint.name, checkpoint.digest, EncoderInput(checkpoint.front_end), Network(checkpoint, "encode")});
  if (state_->input.shape() != state_->network.input_shape()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot encode with checkpoint '{}': its front end makes {}, its block 'encode' takes {}",
                            checkpoint.name, infer::to_text(state_->input.shape()),
                            infer::to_text(state_->network.input_shape())));
  }
}
Encoder::~Encoder() = default;
Encoder::Encoder(Encoder&&) noexcept = default;
Encoder& Encoder::operator=(Encoder&&) noexcept = default;

const std::string& Encoder::name() const { return state_->name; }
const std::string& Encoder::digest() const { return state_->digest; }
std::size_t Encoder::size() const { return state_->network.output_size(); }

std::vector<float> Encoder::encode(AudioView recording) const {
  const auto windows = state_->input.windows_of(recording);
  std::vector<double> sum(size());
  for (const auto& window : windows) {
    const auto embedding = state_->network.run(window);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += embedding[i];
  }
  std::vector<float> mean(sum.size());
  for (std::size_t i = 0; i < sum.size(); ++i)
    mean[i] = static_cast<float>(sum[i] / static_cast<double>(windows.size()));
  return mean;
}

}  // namespace soundalike
