#include "soundalike/embedder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "soundalike/encoder.hpp"
#include "soundalike/error.hpp"
#include "soundalike/predictor.hpp"

namespace soundalike {
namespace {

constexpr std::array<std::string_view, 2> statistics{"style", "features"};

}  // namespace

Checkpoint encoder_checkpoint(std::string_view name) {
  if (std::filesystem::path(name).extension() == ".salmodel") return read_checkpoint(name);
  std::string known;
  for (const std::string_view kind : statistics) known += fmt::format("{}, ", kind);
  for (const ModelListing& model : list_models()) {
    if (model.outline.kind != "encoder") continue;
    if (model.outline.name == name) return load_model(model);
    known += fmt::format("{}, ", model.outline.name);
  }
  throw Error(ErrorCode::not_found,
              fmt::format("no encoder '{}': there are {}and any .salmodel file of one", name, known));
}

struct Embedder::State {
  std::string name;
  std::string digest;
  std::optional<EncoderInput> input;
  std::optional<Encoder> encoder;
};

Embedder::Embedder(std::string_view name) : state_(std::make_unique<State>()) {
  state_->name = name;
  if (std::ranges::find(statistics, name) != statistics.end()) {
    state_->digest = name;
    state_->input.emplace(style_front_end(name));
    return;
  }
  state_->encoder.emplace(encoder_checkpoint(name));
  state_->digest = state_->encoder->digest();
}
Embedder::~Embedder() = default;
Embedder::Embedder(Embedder&&) noexcept = default;
Embedder& Embedder::operator=(Embedder&&) noexcept = default;

const std::string& Embedder::name() const { return state_->name; }
const std::string& Embedder::digest() const { return state_->digest; }
std::size_t Embedder::size() const {
  return state_->encoder ? state_->encoder->size() : state_->input->shape().front();
}

std::vector<float> Embedder::embed(AudioView recording) const {
  return state_->encoder ? state_->encoder->encode(recording) : state_->input->of(recording);
}

}  // namespace soundalike
