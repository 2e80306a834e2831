#pragma once

#include <vector>

namespace soundalike {

struct Point {
  float x, y;
};

/// A letter as strokes of a pen. Capitals are 16 high, small letters 11, the baseline is y = 0, y grows upwards.
struct Glyph {
  float width = 0.0f;
  std::vector<std::vector<Point>> strokes;  // polylines
};

/// The glyph of a character: a box for anything but printable ASCII.
const Glyph& glyph(char32_t character);

}  // namespace soundalike
