#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike::farm {

/// What a worker opens: enough to load the plugins without a scan.
struct ChainDescription {
  std::vector<EffectListing> chain;
  RenderSetup setup;
};

/// Bytes for the same build on the same machine: no versions, no byte order.
std::vector<std::byte> encode(const ChainDescription& description);
/// @throws Error internal for bytes that encode() did not write.
ChainDescription decode(std::span<const std::byte> bytes);

}  // namespace soundalike::farm
