#pragma once

#include <torch/torch.h>

#include <span>
#include <string>
#include <vector>

#include "fixtures/golden_signals.hpp"
#include "soundalike/loss.hpp"

/// Audio as tensors, and gradients of losses.
namespace tensors {

/// One example, [1, frames], a copy.
inline at::Tensor example(const golden::Signal& signal) {
  return torch::from_blob(const_cast<float*>(signal.data()), {1, static_cast<std::int64_t>(signal.size())}).clone();
}

/// Four examples of noise, and plucks over noise, [4, frames]. Without the noise most bins would hold rounding errors,
/// which the log magnitudes of an FFT of 32768 hear.
inline at::Tensor batch(std::uint32_t seed, std::size_t frames = 17000) {
  const double detune = 1.0 + 0.01 * seed;
  const auto noisy = [&](const golden::Signal& signal, float level) {
    golden::Signal made = golden::sum(signal, golden::scaled(level, golden::noise(seed)));
    made.resize(frames);
    return example(made);
  };
  return torch::cat({noisy(golden::silence(), 1.0f), noisy(golden::pluck(330 * detune, 2), 0.01f),
                     noisy(golden::pluck(97 * detune, 9), 0.003f), noisy(golden::silence(), 0.03f)});
}

struct ValueAndGradient {
  at::Tensor value;     // [batch]
  at::Tensor gradient;  // [batch, frames]
};

inline ValueAndGradient evaluate(const soundalike::Loss& loss, const at::Tensor& estimate, const at::Tensor& target) {
  const auto leaf = estimate.detach().clone().requires_grad_();
  const auto value = loss(leaf, target);
  return {value.detach(), torch::autograd::grad({value.sum()}, {leaf})[0]};
}

inline bool all_finite(const at::Tensor& x) { return torch::isfinite(x).all().item<bool>(); }

/// The largest distance of rows in relation to their norm.
inline double relative_difference(const at::Tensor& a, const at::Tensor& b) {
  const auto x = a.to(at::kDouble);
  const auto y = b.to(at::kDouble);
  return ((x - y).norm(2, 1) / y.norm(2, 1)).max().item<double>();
}

/// Names for make_loss(): every row, its matched form, and a sum.
inline std::vector<std::string> all_names() {
  std::vector<std::string> names{"mrstft+0.1*l1"};
  for (const auto& row : soundalike::losses()) {
    names.emplace_back(row.name);
    names.push_back("matched-" + std::string(row.name));
  }
  return names;
}

}  // namespace tensors
