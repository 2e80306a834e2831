#include "soundalike/controller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"
#include "soundalike/network.hpp"

namespace soundalike {
namespace {

constexpr float least_spread = 0.005f;  // half a step of the usual 0.01
constexpr float most_spread = 0.5f;     // the standard deviation of 0 or 1 with equal odds

Error bad(const Checkpoint& checkpoint, const std::string& what) {
  return {ErrorCode::invalid_argument, fmt::format("cannot predict with checkpoint '{}': {}", checkpoint.name, what)};
}

void check_knobs(const Checkpoint& checkpoint) {
  if (checkpoint.effects.empty()) throw bad(checkpoint, "it controls no effect");
  for (const auto& effect : checkpoint.effects) {
    std::vector<std::string> seen;
    for (const auto& knob : effect.knobs) {
      if (std::ranges::find(effect.parameters, knob.parameter) == effect.parameters.end()) {
        throw bad(checkpoint,
                  fmt::format("it predicts '{}', which is no parameter of {}", knob.parameter, effect.name));
      }
      if (std::ranges::find(seen, knob.parameter) != seen.end()) {
        throw bad(checkpoint, fmt::format("it predicts '{}' twice", knob.parameter));
      }
      seen.push_back(knob.parameter);
      if (knob.hedge && knob.guess)
        throw bad(checkpoint, fmt::format("'{}' is both a hedge and a guess", knob.parameter));
      const bool in_box = knob.low >= 0.0f && knob.low <= knob.high && knob.high <= 1.0f;
      if (knob.categories == 1 || (knob.categories == 0 && !in_box) || (knob.categories > 0 && knob.parts > 0)) {
        throw bad(checkpoint, fmt::format("it predicts '{}' within {:g} to {:g}, {} categories and {} parts",
                                          knob.parameter, knob.low, knob.high, knob.categories, knob.parts));
      }
    }
  }
}

const Checkpoint* checked_bottleneck(const Checkpoint& checkpoint, const Checkpoint* bottleneck) {
  const auto need = dependency(checkpoint, "bottleneck");
  if (!need) return nullptr;
  if (bottleneck == nullptr || bottleneck->digest != need->digest) {
    throw bad(checkpoint, fmt::format("it needs bottleneck '{}' ({:.12})", need->name, need->digest));
  }
  return bottleneck;
}

std::vector<float> softmax(std::span<const float> logits) {
  const float best = *std::ranges::max_element(logits);
  std::vector<float> out;
  float sum = 0.0f;
  for (const float logit : logits) sum += out.emplace_back(std::exp(logit - best));
  for (float& p : out) p /= sum;
  return out;
}

}  // namespace

std::optional<Dependency> dependency(const Checkpoint& checkpoint, std::string_view role) {
  const auto found = std::ranges::find(checkpoint.needs, role, &Dependency::role);
  return found == checkpoint.needs.end() ? std::nullopt : std::optional(*found);
}

std::size_t predicted_size(std::span<const ControlledEffect> effects) {
  std::size_t size = 0;
  for (const auto& effect : effects) {
    for (const auto& knob : effect.knobs) size += knob.categories > 0 ? knob.categories : 2 + knob.parts;
  }
  return size;
}

struct Controller::State {
  std::string name;
  std::string digest;
  std::vector<ControlledEffect> effects;
  std::optional<Network> compress;
  Network predict;

  const Network& first() const { return compress ? *compress : predict; }
};

Controller::Controller(const Checkpoint& checkpoint, const Checkpoint* bottleneck) {
  if (checkpoint.kind != "controller") {
    throw bad(checkpoint, fmt::format("it is of kind '{}', not 'controller'", checkpoint.kind));
  }
  check_knobs(checkpoint);
  bottleneck = checked_bottleneck(checkpoint, bottleneck);
  std::optional<Network> compress;
  if (bottleneck != nullptr) compress.emplace(*bottleneck, "compress");
  state_ = std::make_unique<State>(State{checkpoint.name, checkpoint.digest, checkpoint.effects, std::move(compress),
                                         Network(checkpoint, "predict")});
  if (state_->compress && state_->compress->output_size() != state_->predict.input_size()) {
    throw bad(checkpoint, fmt::format("its bottleneck gives {} numbers, it takes {}", state_->compress->output_size(),
                                      state_->predict.input_size()));
  }
  if (state_->first().input_size() % 2 != 0) {
    throw bad(checkpoint,
              fmt::format("it takes {} numbers, which are no two embeddings", state_->first().input_size()));
  }
  if (state_->predict.output_size() != predicted_size(checkpoint.effects)) {
    throw bad(checkpoint, fmt::format("its knobs take {} numbers, its network gives {}",
                                      predicted_size(checkpoint.effects), state_->predict.output_size()));
  }
}
Controller::~Controller() = default;
Controller::Controller(Controller&&) noexcept = default;
Controller& Controller::operator=(Controller&&) noexcept = default;

const std::string& Controller::name() const { return state_->name; }
const std::string& Controller::digest() const { return state_->digest; }
const std::vector<ControlledEffect>& Controller::effects() const { return state_->effects; }
std::size_t Controller::embedding_size() const { return state_->first().input_size() / 2; }

std::vector<KnobPrediction> Controller::predict(std::span<const float> input, std::span<const float> reference) const {
  if (input.size() != embedding_size() || reference.size() != embedding_size()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("controller '{}' takes embeddings of {} numbers, given are {} and {}", name(),
                            embedding_size(), input.size(), reference.size()));
  }
  std::vector<float> x(input.begin(), input.end());
  x.insert(x.end(), reference.begin(), reference.end());
  if (state_->compress) x = state_->compress->run(x);
  const std::vector<float> y = state_->predict.run(x);
  if (!std::ranges::all_of(y, [](float v) { return std::isfinite(v); })) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("controller '{}' predicts NaN or infinity for these recordings", name()));
  }
  std::vector<KnobPrediction> out;
  const float* at = y.data();
  for (const auto& effect : effects()) {
    for (const auto& knob : effect.knobs) {
      KnobPrediction& prediction = out.emplace_back();
      if (knob.categories == 0) {
        prediction.setting = knob.low + (knob.high - knob.low) / (1.0f + std::exp(-at[0]));
        prediction.spread = std::clamp(std::exp(0.5f * at[1]), least_spread, most_spread);
        if (knob.parts > 0) prediction.probabilities = softmax({at + 2, knob.parts});
        at += 2 + knob.parts;
        continue;
      }
      prediction.probabilities = softmax({at, knob.categories});
      const auto best = std::ranges::max_element(prediction.probabilities) - prediction.probabilities.begin();
      prediction.setting = (static_cast<float>(best) + 0.5f) / static_cast<float>(knob.categories);
      at += knob.categories;
    }
  }
  return out;
}

}  // namespace soundalike
