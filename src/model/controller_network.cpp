#include "soundalike/controller_network.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include "model/perceptron.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr double least_log_variance = -10.0;  // a deviation of 0.007: half the step of a fine knob
constexpr double most_log_variance = 0.0;

// Of the cross-entropy of parts, beside likelihoods that a deviation of 0.05 to 0.3 weighs.
constexpr double parts_weight = 0.1;

// [n]: cross-entropy of places in [0, 1], cut into equal parts.
torch::Tensor surprise(const torch::Tensor& logits, const torch::Tensor& place, std::size_t parts) {
  const auto count = static_cast<double>(parts);
  const torch::Tensor part = (place * count).floor().clamp(0.0, count - 1.0).to(torch::kLong);
  return torch::nn::functional::cross_entropy(logits, part,
                                              torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kNone));
}

std::vector<PredictedKnob> all_knobs(const std::vector<ControlledEffect>& effects) {
  std::vector<PredictedKnob> knobs;
  for (const auto& effect : effects) knobs.insert(knobs.end(), effect.knobs.begin(), effect.knobs.end());
  return knobs;
}

std::size_t outputs_of(const std::vector<PredictedKnob>& knobs) {
  std::size_t outputs = 0;
  for (const auto& knob : knobs) outputs += knob.categories > 0 ? knob.categories : 2 + knob.parts;
  return outputs;
}

// The same as infer's Controller does with the outputs.
ControllerOutput output_of(const torch::Tensor& raw, const std::vector<PredictedKnob>& knobs) {
  ControllerOutput out;
  std::vector<torch::Tensor> settings;
  std::vector<torch::Tensor> log_variances;
  std::int64_t column = 0;
  for (const auto& knob : knobs) {
    if (knob.categories == 0) {
      settings.push_back(knob.low + (knob.high - knob.low) * torch::sigmoid(raw.select(1, column)));
      log_variances.push_back(raw.select(1, column + 1).clamp(least_log_variance, most_log_variance));
      const auto parts = static_cast<std::int64_t>(knob.parts);
      out.logits.push_back(parts > 0 ? raw.slice(1, column + 2, column + 2 + parts) : torch::Tensor());
      column += 2 + parts;
      continue;
    }
    const auto count = static_cast<std::int64_t>(knob.categories);
    const torch::Tensor logits = raw.slice(1, column, column + count);
    settings.push_back((logits.argmax(1).to(torch::kFloat) + 0.5) / static_cast<double>(count));
    log_variances.push_back(torch::zeros_like(settings.back()));
    out.logits.push_back(logits);
    column += count;
  }
  out.settings = torch::stack(settings, 1);
  out.log_variance = torch::stack(log_variances, 1);
  return out;
}

}  // namespace

struct ControllerNetwork::State {
  std::vector<ControlledEffect> effects;
  std::vector<PredictedKnob> knobs;
  std::size_t outputs = 0;
  std::shared_ptr<model::Perceptron> perceptron;
};

ControllerNetwork::ControllerNetwork(std::vector<ControlledEffect> effects, std::size_t inputs,
                                     const PerceptronOptions& options, std::uint64_t seed)
    : state_(std::make_unique<State>()) {
  state_->knobs = all_knobs(effects);
  state_->effects = std::move(effects);
  state_->outputs = outputs_of(state_->knobs);
  if (state_->knobs.empty()) {
    throw Error(ErrorCode::invalid_argument, "cannot make a controller: none of the effects has a free knob");
  }
  state_->perceptron = std::make_shared<model::Perceptron>(inputs, state_->outputs, options, seed);
}
ControllerNetwork::~ControllerNetwork() = default;
ControllerNetwork::ControllerNetwork(ControllerNetwork&&) noexcept = default;
ControllerNetwork& ControllerNetwork::operator=(ControllerNetwork&&) noexcept = default;

torch::nn::Module& ControllerNetwork::module() { return *state_->perceptron; }
const std::vector<ControlledEffect>& ControllerNetwork::effects() const { return state_->effects; }
std::size_t ControllerNetwork::knobs() const { return state_->knobs.size(); }
std::size_t ControllerNetwork::inputs() const { return state_->perceptron->inputs(); }

void ControllerNetwork::standardise(const at::Tensor& embeddings) { state_->perceptron->standardise(embeddings); }

std::size_t ControllerNetwork::members() const { return state_->perceptron->members(); }

ControllerOutput ControllerNetwork::forward(const at::Tensor& embeddings) {
  return output_of(state_->perceptron->forward(embeddings), state_->knobs);
}

ControllerOutput ControllerNetwork::each(const at::Tensor& embeddings) {
  return output_of(torch::cat(state_->perceptron->each(embeddings)), state_->knobs);
}
at::Tensor ControllerNetwork::loss(const ControllerOutput& output, const at::Tensor& settings,
                                   std::span<const float> weights) const {
  torch::Tensor sum = torch::zeros({settings.size(0)}, settings.options());
  for (std::size_t k = 0; k < state_->knobs.size(); ++k) {
    const auto column = static_cast<std::int64_t>(k);
    const double weight = weights.empty() ? 1.0 : weights[k];
    const torch::Tensor target = settings.select(1, column);
    const PredictedKnob& knob = state_->knobs[k];
    if (knob.categories > 0) {
      sum = sum + weight * surprise(output.logits[k], target, knob.categories);
      continue;
    }
    const torch::Tensor log_variance = output.log_variance.select(1, column);
    const torch::Tensor mean = output.settings.select(1, column);
    const torch::Tensor deviation = (0.5 * log_variance).exp().detach();
    const torch::Tensor error = (weight > 0.0 ? mean : mean.detach()) - target;
    // Where the mean is learnt elsewhere, the spread has its plain likelihood: nothing competes with it.
    const torch::Tensor likelihood = 0.5 * (log_variance + error.square() * (-log_variance).exp());
    sum = sum + (weight > 0.0 ? weight : 0.1) * deviation * likelihood;
    if (knob.parts > 0) {
      const torch::Tensor place = (target - knob.low) / std::max(1e-6, static_cast<double>(knob.high) - knob.low);
      sum = sum + (weight > 0.0 ? weight : 1.0) * parts_weight * surprise(output.logits[k], place, knob.parts);
    }
  }
  return sum / static_cast<double>(state_->knobs.size());
}

Checkpoint ControllerNetwork::checkpoint(NumberType type) const {
  Checkpoint out;
  out.kind = "controller";
  out.effects = state_->effects;
  state_->perceptron->put(out, "predict", state_->outputs, type);
  return out;
}

void ControllerNetwork::load(const Checkpoint& from) { state_->perceptron->take(from); }

PerceptronOptions ControllerNetwork::shape_of(const Checkpoint& from) { return model::Perceptron::shape_of(from); }

struct BottleneckNetwork::State {
  std::size_t dimensions = 0;
  std::shared_ptr<model::Perceptron> perceptron;  // gives [mean, log variance]
};

BottleneckNetwork::BottleneckNetwork(std::size_t inputs, std::size_t dimensions, const PerceptronOptions& options,
                                     std::uint64_t seed)
    : state_(std::make_unique<State>()) {
  if (dimensions < 1 || dimensions > 64) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot make a bottleneck of {} dimensions; 2 to 8 are usual, 64 the most", dimensions));
  }
  state_->dimensions = dimensions;
  state_->perceptron = std::make_shared<model::Perceptron>(inputs, 2 * dimensions, options, seed);
}
BottleneckNetwork::~BottleneckNetwork() = default;
BottleneckNetwork::BottleneckNetwork(BottleneckNetwork&&) noexcept = default;
BottleneckNetwork& BottleneckNetwork::operator=(BottleneckNetwork&&) noexcept = default;

torch::nn::Module& BottleneckNetwork::module() { return *state_->perceptron; }
std::size_t BottleneckNetwork::dimensions() const { return state_->dimensions; }
void BottleneckNetwork::standardise(const at::Tensor& embeddings) { state_->perceptron->standardise(embeddings); }

BottleneckNetwork::Code BottleneckNetwork::forward(const at::Tensor& embeddings) {
  const torch::Tensor raw = state_->perceptron->forward(embeddings);
  const auto size = static_cast<std::int64_t>(state_->dimensions);
  Code code;
  code.mean = raw.slice(1, 0, size);
  code.log_variance = raw.slice(1, size, 2 * size).clamp(-10.0, 10.0);
  code.sample = state_->perceptron->is_training()
                    ? code.mean + (0.5 * code.log_variance).exp() * torch::randn_like(code.mean)
                    : code.mean;
  code.divergence = 0.5 * (code.mean.square() + code.log_variance.exp() - 1.0 - code.log_variance);
  return code;
}

Checkpoint BottleneckNetwork::checkpoint(NumberType type) const {
  Checkpoint out;
  out.kind = "bottleneck";
  state_->perceptron->put(out, "compress", state_->dimensions, type);
  return out;
}

}  // namespace soundalike
