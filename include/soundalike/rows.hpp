#pragma once

#include <cassert>
#include <cstddef>
#include <span>

namespace soundalike {

/// Borrowed examples, row after row: [count() x width] numbers. Valid while their owner lives and is not resized.
struct Rows {
  std::span<const float> values;
  std::size_t width = 0;

  std::size_t count() const { return width == 0 ? 0 : values.size() / width; }
  std::span<const float> operator[](std::size_t row) const {
    assert(row < count());
    return values.subspan(row * width, width);
  }
};

}  // namespace soundalike
