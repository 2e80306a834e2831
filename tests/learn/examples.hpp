#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "soundalike/rows.hpp"

/// Numbers that C++ and tools/golden/learn.py make alike.
struct Examples {
  std::size_t width = 0;
  std::vector<float> values;
  operator soundalike::Rows() const { return {values, width}; }  // NOLINT: examples are always viewable
};

inline Examples uniform_examples(std::size_t count, std::size_t width, std::uint32_t state) {
  Examples result{width, {}};
  for (std::size_t i = 0; i < count * width; ++i) {
    state = state * 1664525u + 1013904223u;
    result.values.push_back(static_cast<float>(state >> 8) / 16777216.0f);
  }
  return result;
}

/// A sheet of two dimensions in six.
inline Examples bent_examples(std::size_t count) {
  const Examples flat = uniform_examples(count, 2, 5);
  Examples result{6, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const double s = static_cast<double>(flat.values[2 * i]), t = static_cast<double>(flat.values[2 * i + 1]);
    for (const double x : {s, t, s * t, std::sin(3 * s), std::cos(2 * t), s * s - t}) {
      result.values.push_back(static_cast<float>(x));
    }
  }
  return result;
}

/// Blobs of three dimensions in `width`, one class each: example i is of class i % classes.
inline Examples blob_examples(std::size_t count, std::size_t width, std::size_t classes, double apart) {
  const Examples centers = uniform_examples(classes, width, 11), axes = uniform_examples(3 * classes, width, 12),
                 within = uniform_examples(count, 3, 13);
  Examples result{width, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t c = i % classes;
    for (std::size_t d = 0; d < width; ++d) {
      double x = apart * static_cast<double>(centers.values[c * width + d]);
      for (std::size_t a = 0; a < 3; ++a) {
        x += static_cast<double>(within.values[3 * i + a]) * static_cast<double>(axes.values[(3 * c + a) * width + d]);
      }
      result.values.push_back(static_cast<float>(x));
    }
  }
  return result;
}
