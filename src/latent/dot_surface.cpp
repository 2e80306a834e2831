#include "latent/dot_surface.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"
#include "spectral/canvas.hpp"
#include "spectral/lettering.hpp"

namespace soundalike::latent {
namespace {

class PngSurface : public DotSurface {
 public:
  PngSurface(double width, double height)
      : canvas_(static_cast<int>(std::ceil(width)), static_cast<int>(std::ceil(height)), {255, 255, 255}) {}

  void dot(double x, double y, double radius, DotColor color) override {
    const int reach = static_cast<int>(std::ceil(radius)) + 1;
    const int cx = static_cast<int>(std::floor(x)), cy = static_cast<int>(std::floor(y));
    for (int j = cy - reach; j <= cy + reach; ++j) {
      for (int i = cx - reach; i <= cx + reach; ++i) {
        const double cover = std::clamp(radius + 0.5 - std::hypot(i + 0.5 - x, j + 0.5 - y), 0.0, 1.0);
        if (cover > 0.0) canvas_.blend(i, j, of(color), static_cast<float>(0.85 * cover));
      }
    }
  }
  void line(double ax, double ay, double bx, double by, DotColor color) override {
    const int steps = static_cast<int>(std::ceil(2.0 * std::hypot(bx - ax, by - ay))) + 1;
    for (int i = 0; i <= steps; ++i) {
      const double share = static_cast<double>(i) / steps;
      dot(ax + share * (bx - ax), ay + share * (by - ay), 1.0, color);
    }
  }
  void frame(double x, double y, double width, double height, DotColor color) override {
    const int left = static_cast<int>(x), top = static_cast<int>(y), w = static_cast<int>(width),
              h = static_cast<int>(height);
    canvas_.fill(left, top, w, 1, of(color));
    canvas_.fill(left, top + h, w, 1, of(color));
    canvas_.fill(left, top, 1, h, of(color));
    canvas_.fill(left + w, top, 1, h + 1, of(color));
  }
  void text(double x, double baseline, const std::string& what, DotColor color) override {
    const Lettering lettering{10.0f, 1.3f, of(color)};
    lettering.draw(canvas_, static_cast<float>(x), static_cast<float>(baseline), what);
  }
  std::string bytes() const override { return canvas_.png(); }

 private:
  static Color of(DotColor c) { return {c[0], c[1], c[2]}; }
  Canvas canvas_;
};

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : std::string(1, c);
  }
  return result;
}

class SvgSurface : public DotSurface {
 public:
  SvgSurface(double width, double height) {
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
        "height=\"{1:.0f}\" "
        "font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        width, height);
  }
  void dot(double x, double y, double radius, DotColor color) override {
    text_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" fill=\"{}\" fill-opacity=\"0.85\"/>\n", x, y,
                         radius, of(color));
  }
  void line(double ax, double ay, double bx, double by, DotColor color) override {
    text_ += fmt::format("<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" stroke=\"{}\" stroke-width=\"2\"/>\n", ax, ay, bx,
                         by, of(color));
  }
  void frame(double x, double y, double width, double height, DotColor color) override {
    text_ += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"none\" stroke=\"{}\"/>\n", x, y,
        width, height, of(color));
  }
  void text(double x, double baseline, const std::string& what, DotColor color) override {
    text_ +=
        fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" fill=\"{}\">{}</text>\n", x, baseline, of(color), escaped(what));
  }
  std::string bytes() const override { return text_ + "</svg>\n"; }

 private:
  static std::string of(DotColor c) { return fmt::format("#{:02x}{:02x}{:02x}", c[0], c[1], c[2]); }
  std::string text_;
};

}  // namespace

std::unique_ptr<DotSurface> make_surface(const std::filesystem::path& path, double width, double height) {
  if (path.extension() == ".png") return std::make_unique<PngSurface>(width, height);
  if (path.extension() == ".svg") return std::make_unique<SvgSurface>(width, height);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot draw '{}': pictures end in .png or .svg", path.string()));
}

}  // namespace soundalike::latent
