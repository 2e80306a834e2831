#pragma once

#include <string>
#include <string_view>

#include "spectral/canvas.hpp"

namespace soundalike {

/// Text drawn with strokes, so that a picture needs no font file and looks alike everywhere.
struct Lettering {
  float height = 10.0f;  ///< of a capital letter, in pixels
  float stroke = 1.3f;   ///< width of the pen, in pixels
  Color color;

  /// Pixels from the left of the first letter to the right of the last. Letters outside ASCII are drawn as a box each.
  float width(std::string_view text) const;
  /// Writes from x rightwards on a baseline.
  void draw(Canvas& canvas, float x, float baseline, std::string_view text) const;
  /// `text`, or as much of its beginning as fits into `width` pixels with "..." after it.
  std::string shortened(std::string_view text, float width) const;
};

}  // namespace soundalike
