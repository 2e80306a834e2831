#include "spectral/canvas.hpp"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"

namespace soundalike {

Canvas::Canvas(int width, int height, Color background)
    : width_(width), height_(height), pixels_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3) {
  fill(0, 0, width, height, background);
}

void Canvas::fill(int x, int y, int width, int height, Color color) {
  for (int j = y; j < y + height; ++j) {
    for (int i = x; i < x + width; ++i) blend(i, j, color, 1.0f);
  }
}

void Canvas::blend(int x, int y, Color color, float cover) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
  std::uint8_t* pixel =
      pixels_.data() +
      (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)) * 3;
  const auto mix = [cover](std::uint8_t old, std::uint8_t over) {
    return static_cast<std::uint8_t>(
        std::lround(static_cast<float>(old) * (1.0f - cover) + static_cast<float>(over) * cover));
  };
  pixel[0] = mix(pixel[0], color.red);
  pixel[1] = mix(pixel[1], color.green);
  pixel[2] = mix(pixel[2], color.blue);
}

std::string Canvas::png() const {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width_);
  image.height = static_cast<png_uint_32>(height_);
  image.format = PNG_FORMAT_RGB;
  std::string out(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = out.size();
  if (png_image_write_to_memory(&image, out.data(), &size, 0, pixels_.data(), 0, nullptr) == 0) {
    throw Error(ErrorCode::internal, fmt::format("cannot make a PNG of {} x {} pixels: {}", width_, height_,
                                                 static_cast<const char*>(image.message)));
  }
  out.resize(size);
  return out;
}

}  // namespace soundalike
