#include "spectral/lettering.hpp"

#include <algorithm>
#include <cmath>

#include "spectral/glyphs.hpp"

namespace soundalike {
namespace {

constexpr float capital_height = 16.0f;  // of a glyph's own units
constexpr float gap = 4.4f;              // between letters

/// The characters of UTF-8 text; a byte out of place stands for itself.
std::u32string characters(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    out.push_back(length == 1 ? lead : U'\ufffd');  // beyond ASCII all look alike
    i += length;
  }
  return out;
}

float distance_to_segment(Point p, Point a, Point b) {
  const float dx = b.x - a.x;
  const float dy = b.y - a.y;
  const float square = dx * dx + dy * dy;
  const float t = square > 0.0f ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0.0f, 1.0f) : 0.0f;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

float distance_to(const Glyph& glyph, Point p) {
  float nearest = 1e9f;
  for (const auto& stroke : glyph.strokes) {
    for (std::size_t i = 0; i + 1 < stroke.size(); ++i) {
      nearest = std::min(nearest, distance_to_segment(p, stroke[i], stroke[i + 1]));
    }
  }
  return nearest;
}

}  // namespace

float Lettering::width(std::string_view text) const {
  float units = -gap;
  for (const char32_t c : characters(text)) units += glyph(c).width + gap;
  return text.empty() ? 0.0f : units * height / capital_height;
}

void Lettering::draw(Canvas& canvas, float x, float baseline, std::string_view text) const {
  const float scale = height / capital_height;
  for (const char32_t c : characters(text)) {
    const Glyph& g = glyph(c);
    const float right = x + g.width * scale;
    for (int j = static_cast<int>(baseline - 1.3f * height); j <= static_cast<int>(baseline + 0.5f * height); ++j) {
      for (int i = static_cast<int>(x) - 2; i <= static_cast<int>(right) + 2; ++i) {
        const Point center{(static_cast<float>(i) + 0.5f - x) / scale,
                           (baseline - static_cast<float>(j) - 0.5f) / scale};
        const float cover = std::clamp(0.5f * stroke + 0.5f - distance_to(g, center) * scale, 0.0f, 1.0f);
        if (cover > 0.0f) canvas.blend(i, j, color, cover);
      }
    }
    x = right + gap * scale;
  }
}

std::string Lettering::shortened(std::string_view text, float room) const {
  if (width(text) <= room) return std::string(text);
  std::size_t length = text.size();
  while (length > 0 && width(std::string(text.substr(0, length)) + "...") > room) {
    do --length;
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80);  // whole characters only
  }
  return std::string(text.substr(0, length)) + "...";
}

}  // namespace soundalike
