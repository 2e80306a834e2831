#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "soundalike/checkpoint.hpp"

namespace soundalike::infer {

/// What the header of a checkpoint says: all but the numbers, and where these are.
struct CheckpointHeader {
  Checkpoint checkpoint;                         ///< tensors with type and shape, without bytes
  std::map<std::string, std::uint64_t> offsets;  ///< of each tensor in the data
  std::uint64_t data_bytes = 0;
};

inline constexpr std::uint64_t alignment = 64;

/// Where each tensor goes: by name, one after the other, at multiples of `alignment`.
CheckpointHeader lay_out(Checkpoint checkpoint);
std::string to_json(const CheckpointHeader& header);
/// Checks that every tensor lies in the data and none overlap. @throws Error invalid_argument, `origin` first.
CheckpointHeader parse_header(std::string_view json, std::string_view origin);

}  // namespace soundalike::infer
