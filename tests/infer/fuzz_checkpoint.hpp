#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "soundalike/checkpoint.hpp"
#include "soundalike/controller.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/error.hpp"
#include "soundalike/network.hpp"
#include "soundalike/sha256.hpp"

/// Does with a file from a stranger all that the program may do with one. The digest is made right first, so that what
/// lies behind it is reached. Errors of ours are fine; anything else is a finding.
/// @return whether the file was a checkpoint.
inline bool fuzz_checkpoint(std::string_view content) {
  using namespace soundalike;
  std::string bytes(content);
  Sha256 sum;
  sum.add(bytes);
  for (const std::uint8_t byte : sum.finish()) bytes += static_cast<char>(byte);
  Checkpoint checkpoint;
  try {
    checkpoint = parse_checkpoint(bytes, "fuzz");
  } catch (const Error&) {
    return false;
  }
  const auto try_to = [](auto&& action) {
    try {
      action();
    } catch (const Error&) {
    }
  };
  for (const auto& [name, block] : checkpoint.blocks) {
    try_to([&, &block_name = name] {
      const Network network(checkpoint, block_name);
      if (network.input_size() <= 4096) network.run(std::vector<float>(network.input_size(), 0.5f));
    });
  }
  try_to([&] { Encoder{checkpoint}; });
  try_to([&] {
    const Controller controller(checkpoint);
    const std::vector<float> embedding(controller.embedding_size(), 0.5f);
    controller.predict(embedding, embedding);
  });
  return true;
}
