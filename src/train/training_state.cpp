#include "train/training_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "soundalike/checkpoint.hpp"
#include "soundalike/error.hpp"
#include "soundalike/version.hpp"

namespace soundalike::training {
namespace {

NamedTensors named(const torch::OrderedDict<std::string, torch::Tensor>& items, bool learnt_only) {
  NamedTensors result;
  for (const auto& item : items) {
    if (!learnt_only || item.value().requires_grad()) result.emplace_back(item.key(), item.value());
  }
  return result;
}

std::vector<torch::Tensor> values(const NamedTensors& items) {
  std::vector<torch::Tensor> result;
  for (const auto& item : items) result.push_back(item.second);
  return result;
}

StoredTensor stored(const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.detach().cpu().contiguous();
  StoredTensor result;
  result.type = plain.scalar_type() == torch::kLong ? NumberType::i64 : NumberType::f32;
  if (result.type == NumberType::f32 && plain.scalar_type() != torch::kFloat) {
    throw Error(ErrorCode::internal, "a training state holds floats and long integers only");
  }
  for (const auto size : plain.sizes()) result.shape.push_back(static_cast<std::size_t>(size));
  result.bytes.resize(static_cast<std::size_t>(plain.numel()) * size_of(result.type));
  std::memcpy(result.bytes.data(), plain.data_ptr(), result.bytes.size());
  return result;
}

void load(torch::Tensor& into, const Checkpoint& from, const std::string& name, const std::string& file) {
  const auto found = from.tensors.find(name);
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot resume from '{}': {} {}; it is the state of another network", file, name, why));
  };
  if (found == from.tensors.end()) refuse("is missing");
  const StoredTensor& tensor = found->second;
  const bool same_type = (into.scalar_type() == torch::kLong) == (tensor.type == NumberType::i64);
  const bool same_shape = std::ranges::equal(tensor.shape, into.sizes(), {}, {},
                                             [](std::int64_t size) { return static_cast<std::size_t>(size); });
  if (!same_type || !same_shape) refuse("has another shape");
  torch::Tensor plain = torch::empty(into.sizes(), torch::TensorOptions().dtype(into.scalar_type()));
  std::memcpy(plain.data_ptr(), tensor.bytes.data(), tensor.bytes.size());
  into.copy_(plain);
}

}  // namespace

TrainingState::TrainingState(torch::nn::Module& module, bool averaged)
    : parameters(named(module.named_parameters(), true)),
      buffers(named(module.named_buffers(), false)),
      adam(values(parameters)) {
  const torch::NoGradGuard no_grad;
  if (!averaged) return;
  for (const auto& item : parameters) averages.push_back(item.second.detach().clone());
}

std::vector<torch::Tensor> TrainingState::copy_of_buffers() const {
  std::vector<torch::Tensor> copy;
  for (const auto& item : buffers) copy.push_back(item.second.detach().clone());
  return copy;
}

void TrainingState::restore_buffers(const std::vector<torch::Tensor>& copy) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < buffers.size(); ++i) buffers[i].second.copy_(copy[i]);
}

void TrainingState::average(double decay) {
  const torch::NoGradGuard no_grad;
  const auto taken = static_cast<double>(adam.steps);
  const double share = 1.0 - std::min(decay, (1.0 + taken) / (10.0 + taken));
  for (std::size_t i = 0; i < averages.size(); ++i) averages[i].lerp_(parameters[i].second, share);
}

void TrainingState::swap_averages() {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < averages.size(); ++i) {
    const torch::Tensor weights = parameters[i].second.detach().clone();
    parameters[i].second.copy_(averages[i]);
    averages[i].copy_(weights);
  }
}

void TrainingState::keep_best() {
  const torch::NoGradGuard no_grad;
  best.clear();
  for (const auto& item : parameters) best.push_back(item.second.detach().clone());
  for (const auto& item : buffers) best.push_back(item.second.detach().clone());
}

void TrainingState::restore_best() {
  const torch::NoGradGuard no_grad;
  if (best.empty()) return;
  std::size_t i = 0;
  for (auto& item : parameters) item.second.copy_(best[i++]);
  for (auto& item : buffers) item.second.copy_(best[i++]);
}

void TrainingState::write(const std::filesystem::path& path, std::uint64_t seed) const {
  Checkpoint out;
  out.kind = "training";
  out.name = "training state";
  out.program_version = program_version();
  out.seed = seed;
  nlohmann::ordered_json numbers{
      {"step", step}, {"optimiser_steps", adam.steps}, {"best_step", best_step}, {"since_best", since_best}};
  if (unjudged) numbers["unjudged"] = true;
  if (std::isfinite(best_value)) numbers["best_value"] = best_value;
  out.metadata = numbers.dump();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string& name = parameters[i].first;
    out.tensors["weights." + name] = stored(parameters[i].second);
    out.tensors["adam.mean." + name] = stored(adam.mean[i]);
    out.tensors["adam.squares." + name] = stored(adam.squares[i]);
    if (!averages.empty()) out.tensors["average." + name] = stored(averages[i]);
    if (!best.empty()) out.tensors["best." + name] = stored(best[i]);
  }
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    out.tensors["buffer." + buffers[i].first] = stored(buffers[i].second);
    if (!best.empty()) out.tensors["best." + buffers[i].first] = stored(best[parameters.size() + i]);
  }
  write_checkpoint(path, out);
}

void TrainingState::read(const std::filesystem::path& path, std::uint64_t seed) {
  const torch::NoGradGuard no_grad;
  const Checkpoint in = read_checkpoint(path);
  const std::string file = path.string();
  const auto numbers = nlohmann::json::parse(in.metadata);
  if (in.kind != "training" || in.seed != seed || !numbers.contains("step")) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot resume from '{}': it is no training state of a run with seed {}", file, seed));
  }
  step = numbers["step"];
  adam.steps = numbers.value("optimiser_steps", std::int64_t{0});
  best_step = numbers.value("best_step", std::size_t{0});
  since_best = numbers.value("since_best", std::size_t{0});
  unjudged = numbers.value("unjudged", false);
  best_value = numbers.value("best_value", std::numeric_limits<double>::infinity());
  if (std::isfinite(best_value)) keep_best();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string& name = parameters[i].first;
    load(parameters[i].second, in, "weights." + name, file);
    load(adam.mean[i], in, "adam.mean." + name, file);
    load(adam.squares[i], in, "adam.squares." + name, file);
    if (!averages.empty()) load(averages[i], in, "average." + name, file);
    if (!best.empty()) load(best[i], in, "best." + name, file);
  }
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    load(buffers[i].second, in, "buffer." + buffers[i].first, file);
    if (!best.empty()) load(best[parameters.size() + i], in, "best." + buffers[i].first, file);
  }
}

}  // namespace soundalike::training
