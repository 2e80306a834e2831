#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/picture.hpp"
#include "spectral/canvas.hpp"
#include "spectral/lettering.hpp"
#include "spectral/viridis.hpp"

namespace soundalike {
namespace {

constexpr int width = 1200;
constexpr int margin = 16;
constexpr int panel_width = width - 2 * margin;
constexpr int panel_height = 256;
constexpr int title_height = 32;
constexpr Lettering title_text{12.0f, 1.9f, {32, 36, 44}};
constexpr Lettering pale_text{9.5f, 1.25f, {112, 118, 130}};

void check(const std::vector<ImageRow>& rows) {
  if (rows.empty()) throw Error(ErrorCode::invalid_argument, "cannot draw a picture of images: no images given");
  for (const auto& [title, image] : rows) {
    if (!image.values.empty() && image.values.size() == image.frames * image.bins) continue;
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot draw image '{}': {} values for {} frames of {} bins",
                                                         title, image.values.size(), image.frames, image.bins));
  }
}

/// Where part i of `parts` of a whole begins.
std::size_t begin_of(int i, int parts, std::size_t whole) {
  return static_cast<std::size_t>(i) * whole / static_cast<std::size_t>(parts);
}

float greatest(const SpectrogramImage& image, int column, int row) {
  const std::size_t first_frame = begin_of(column, panel_width, image.frames);
  const std::size_t last_frame = std::max(first_frame + 1, begin_of(column + 1, panel_width, image.frames));
  const std::size_t first_bin = begin_of(row, panel_height, image.bins);
  const std::size_t last_bin = std::max(first_bin + 1, begin_of(row + 1, panel_height, image.bins));
  float out = std::numeric_limits<float>::lowest();
  for (std::size_t t = first_frame; t < last_frame; ++t) {
    for (std::size_t f = first_bin; f < last_bin; ++f) out = std::max(out, image.values[t * image.bins + f]);
  }
  return out;
}

}  // namespace

void write_image_picture(const std::filesystem::path& path, const std::vector<ImageRow>& rows) {
  check(rows);
  float low = std::numeric_limits<float>::max();
  float high = std::numeric_limits<float>::lowest();
  for (const ImageRow& row : rows) {
    const auto [least, most] = std::ranges::minmax(row.image.values);
    low = std::min(low, least);
    high = std::max(high, most);
  }
  const float range = high > low ? high - low : 1.0f;
  constexpr int pitch = title_height + panel_height;
  Canvas canvas(width, static_cast<int>(rows.size()) * pitch + margin, {255, 255, 255});
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const int y = static_cast<int>(r) * pitch + title_height;
    const auto& [title, image] = rows[r];
    const std::string size = fmt::format("{} x {}, {:.2f} to {:.2f}", image.frames, image.bins, low, high);
    const float room = static_cast<float>(panel_width) - pale_text.width(size) - 24.0f;
    title_text.draw(canvas, margin, static_cast<float>(y - 10), title_text.shortened(title, room));
    pale_text.draw(canvas, static_cast<float>(width - margin) - pale_text.width(size), static_cast<float>(y - 10),
                   size);
    for (int column = 0; column < panel_width; ++column) {
      for (int row = 0; row < panel_height; ++row) {
        canvas.fill(margin + column, y + panel_height - 1 - row, 1, 1,
                    viridis((greatest(image, column, row) - low) / range));
      }
    }
  }
  write_file(path, canvas.png());
}

}  // namespace soundalike
