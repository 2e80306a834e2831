#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace soundalike {

struct Color {
  std::uint8_t red = 0, green = 0, blue = 0;
};

/// An RGB picture in memory. Origin at the upper left; what lies outside is not drawn.
class Canvas {
 public:
  Canvas(int width, int height, Color background);

  int width() const { return width_; }
  int height() const { return height_; }
  void fill(int x, int y, int width, int height, Color color);
  /// Lays `color` over a pixel. @param cover 0 (nothing) to 1 (all of it).
  void blend(int x, int y, Color color, float cover);
  /// The picture as the bytes of a PNG file: the same picture gives the same bytes.
  std::string png() const;

 private:
  int width_;
  int height_;
  std::vector<std::uint8_t> pixels_;  // [height x width x 3]
};

}  // namespace soundalike
