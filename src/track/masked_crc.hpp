#pragma once

#include <cstdint>

namespace soundalike::track {

/// TensorFlow's masking: a CRC of data that itself holds CRCs says little.
inline std::uint32_t masked(std::uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8u; }

}  // namespace soundalike::track
