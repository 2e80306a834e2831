#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "soundalike/checkpoint.hpp"

namespace soundalike::infer {

/// Where the tensors of a checkpoint lie in its data.
struct TensorPlaces {
  std::map<std::string, std::uint64_t> offsets;
  std::uint64_t data_bytes = 0;
};

/// What the header of a checkpoint says: all but the numbers, and where these are.
struct CheckpointHeader {
  Checkpoint checkpoint;  ///< tensors with type and shape, without bytes
  TensorPlaces places;
};

inline constexpr std::uint64_t alignment = 64;

/// By name, one after the other, at multiples of `alignment`.
TensorPlaces lay_out(const std::map<std::string, StoredTensor>& tensors);
std::string header_json(const Checkpoint& checkpoint, const TensorPlaces& places);
/// Checks that every tensor lies in the data and none overlap. @throws Error invalid_argument, `origin` first.
CheckpointHeader parse_header(std::string_view json, std::string_view origin);

}  // namespace soundalike::infer
