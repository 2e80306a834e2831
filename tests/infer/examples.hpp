#pragma once

#include <string>
#include <vector>

#include "soundalike/checkpoint.hpp"
#include "soundalike/rng.hpp"

/// Numbers in [-1, 1).
inline std::vector<float> random_floats(std::size_t count, std::uint64_t seed) {
  soundalike::Rng rng(seed);
  std::vector<float> out(count);
  for (float& x : out) x = static_cast<float>(rng.uniform(-1.0, 1.0));
  return out;
}

inline void add_tensor(soundalike::Checkpoint& checkpoint, const std::string& name, std::vector<std::size_t> shape,
                       std::uint64_t seed, soundalike::NumberType type = soundalike::NumberType::f32) {
  std::size_t count = 1;
  for (const std::size_t d : shape) count *= d;
  checkpoint.tensors[name] = soundalike::StoredTensor::of(std::move(shape), random_floats(count, seed), type);
}

/// A small network that uses most of the header: conv, norm, linear, a residual block.
inline soundalike::Checkpoint example_checkpoint() {
  soundalike::Checkpoint out{.kind = "encoder", .name = "example", .program_version = "1", .seed = 7};
  out.front_end = {"linear", {{"sample_rate", 24000.0}, {"power", 0.3}}};
  out.metadata = R"({"command":"by hand","hours":0.5})";
  out.needs = {{"encoder", "other", std::string(64, 'a')}};
  out.effects = {{"lv2:urn:x", "X", "1.2", {"drive", "mode"}, {{"drive", 0, 0.05f, 0.95f}, {"mode", 3, 0.0f, 1.0f}}}};
  out.blocks["encode"] = {{1, 9, 7},
                          {{.kind = "conv2d", .name = "conv", .options = {{"stride", {2.0, 1.0}}, {"padding", {1.0}}}},
                           {.kind = "relu"},
                           {.kind = "residual", .inside = {{.kind = "leaky_relu", .options = {{"slope", {0.2}}}}}},
                           {.kind = "flatten"},
                           {.kind = "linear", .name = "fc"}}};
  add_tensor(out, "conv.weight", {3, 1, 3, 3}, 1);
  add_tensor(out, "conv.bias", {3}, 2);
  add_tensor(out, "fc.weight", {4, 3 * 5 * 7}, 3, soundalike::NumberType::f16);
  add_tensor(out, "fc.bias", {4}, 4);
  return out;
}
