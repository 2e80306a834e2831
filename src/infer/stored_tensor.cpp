#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "infer/half.hpp"
#include "soundalike/checkpoint.hpp"
#include "soundalike/error.hpp"

namespace soundalike {

static_assert(std::endian::native == std::endian::little, "tensors are stored as they lie in memory");

namespace {

struct TypeRow {
  std::string_view name;
  std::size_t size;
};
// In the order of NumberType.
constexpr std::array types{TypeRow{"f16", 2}, TypeRow{"f32", 4}, TypeRow{"f64", 8}, TypeRow{"i64", 8},
                           TypeRow{"u8", 1}};

}  // namespace

std::string_view to_string(NumberType type) { return types.at(static_cast<std::size_t>(type)).name; }
std::size_t size_of(NumberType type) { return types.at(static_cast<std::size_t>(type)).size; }

std::size_t StoredTensor::count() const {
  std::size_t n = 1;
  for (const std::size_t d : shape) n *= d;
  return n;
}

StoredTensor StoredTensor::of(std::vector<std::size_t> shape, std::span<const float> values, NumberType stored) {
  StoredTensor out{stored, std::move(shape), {}};
  if (out.count() != values.size()) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot store a tensor: its shape holds {} numbers, given are {}", out.count(), values.size()));
  }
  if (stored != NumberType::f32 && stored != NumberType::f16) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot store floats as {}; f32 and f16 are possible", to_string(stored)));
  }
  out.bytes.resize(values.size() * size_of(stored));
  if (stored == NumberType::f32) {
    if (!values.empty()) std::memcpy(out.bytes.data(), values.data(), out.bytes.size());
    return out;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint16_t half = infer::to_half(values[i]);
    if (std::isfinite(values[i]) && (half & 0x7fffu) == 0x7c00u) {
      throw Error(ErrorCode::invalid_argument, fmt::format("cannot store {:g} as f16: beyond 65504", values[i]));
    }
    std::memcpy(out.bytes.data() + 2 * i, &half, 2);
  }
  return out;
}

std::vector<float> StoredTensor::floats() const {
  if (type != NumberType::f32 && type != NumberType::f16) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("a tensor of {} where f32 or f16 is expected", to_string(type)));
  }
  std::vector<float> out(bytes.size() / size_of(type));
  if (type == NumberType::f32) {
    if (!out.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
    return out;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint16_t half = 0;
    std::memcpy(&half, bytes.data() + 2 * i, 2);
    out[i] = infer::from_half(half);
  }
  return out;
}

}  // namespace soundalike
