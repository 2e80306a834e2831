#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "soundalike/scatter_picture.hpp"

namespace soundalike::latent {

/// What a scatter picture is drawn on. Pixels, y downwards.
class DotSurface {
 public:
  virtual ~DotSurface() = default;
  virtual void dot(double x, double y, double radius, DotColor color) = 0;
  virtual void line(double ax, double ay, double bx, double by, DotColor color) = 0;
  virtual void frame(double x, double y, double width, double height, DotColor color) = 0;
  /// On a baseline, from x rightwards.
  virtual void text(double x, double baseline, const std::string& text, DotColor color) = 0;
  virtual std::string bytes() const = 0;
};

/// For a file that ends in .png or .svg. @throws Error invalid_argument for another one.
std::unique_ptr<DotSurface> make_surface(const std::filesystem::path& path, double width, double height);

}  // namespace soundalike::latent
