#include "soundalike/scatter_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "latent/dot_surface.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "spectral/viridis.hpp"

namespace soundalike {
namespace {

constexpr double side = 420.0, margin = 16.0, title_height = 34.0, foot = 30.0, legend_line = 18.0;
constexpr DotColor ink{32, 36, 44}, pale{150, 155, 165}, path_color{200, 30, 30};

// Okabe and Ito (2008), black last.
constexpr std::array<DotColor, 8> class_colors{DotColor{0, 114, 178},   DotColor{230, 159, 0},  DotColor{0, 158, 115},
                                               DotColor{204, 121, 167}, DotColor{86, 180, 233}, DotColor{213, 94, 0},
                                               DotColor{240, 228, 66},  DotColor{0, 0, 0}};

struct Range {
  double low = INFINITY, high = -INFINITY;
  void add(float x) {
    low = std::min(low, static_cast<double>(x));
    high = std::max(high, static_cast<double>(x));
  }
  double share(float x) const { return high > low ? (static_cast<double>(x) - low) / (high - low) : 0.5; }
};

std::array<Range, 2> ranges_of(std::span<const float> positions, std::span<const float> more = {}) {
  std::array<Range, 2> ranges;
  for (const auto part : {positions, more}) {
    for (std::size_t i = 0; i < part.size(); ++i) ranges[i % 2].add(part[i]);
  }
  return ranges;
}

void check(std::span<const ScatterPanel> panels, std::size_t columns) {
  const auto finite = [](float x) { return std::isfinite(x); };
  for (const ScatterPanel& panel : panels) {
    if (panel.positions.size() == 2 * panel.colors.size() && panel.path.size() % 2 == 0 &&
        std::ranges::all_of(panel.positions, finite) && std::ranges::all_of(panel.path, finite)) {
      continue;
    }
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot draw '{}': {} coordinates for {} dots, all must be "
                                                         "finite",
                                                         panel.title, panel.positions.size(), panel.colors.size()));
  }
  if (panels.empty() || columns == 0) throw Error(ErrorCode::invalid_argument, "cannot draw a picture without panels");
}

void draw(latent::DotSurface& surface, const ScatterPanel& panel, double left, double top) {
  const double inner = side - 2.0 * margin, x0 = left + margin, y0 = top + title_height;
  surface.text(x0, top + title_height - 12.0, panel.title, ink);
  surface.frame(x0 - 6.0, y0 - 6.0, inner + 12.0, inner + 12.0, pale);
  const auto ranges = ranges_of(panel.positions, panel.path);
  const auto place = [&](std::span<const float> at) {
    return std::array{x0 + inner * ranges[0].share(at[0]), y0 + inner * (1.0 - ranges[1].share(at[1]))};
  };
  const double radius = std::clamp(60.0 / std::sqrt(static_cast<double>(panel.colors.size()) + 1.0), 1.0, 4.0);
  for (std::size_t i = 0; i < panel.colors.size(); ++i) {
    const auto [x, y] = place(std::span(panel.positions).subspan(2 * i, 2));
    surface.dot(x, y, radius, panel.colors[i]);
  }
  for (std::size_t i = 2; i + 1 < panel.path.size(); i += 2) {
    const auto [ax, ay] = place(std::span(panel.path).subspan(i - 2, 2));
    const auto [bx, by] = place(std::span(panel.path).subspan(i, 2));
    surface.line(ax, ay, bx, by, path_color);
  }
  surface.text(x0, y0 + inner + 22.0, panel.horizontal + (panel.vertical.empty() ? "" : "  /  ") + panel.vertical,
               pale);
  double line = y0 + inner + foot + 12.0;
  for (const auto& [name, color] : panel.legend) {
    surface.dot(x0 + 5.0, line - 4.0, 4.0, color);
    surface.text(x0 + 16.0, line, name, ink);
    line += legend_line;
  }
}

}  // namespace

std::vector<DotColor> colors_of_values(std::span<const float> values) {
  Range range;
  for (const float x : values) range.add(x);
  std::vector<DotColor> colors;
  for (const float x : values) {
    const Color color = viridis(static_cast<float>(range.share(x)));
    colors.push_back({color.red, color.green, color.blue});
  }
  return colors;
}

DotColor color_of_class(int number) {
  return number < 0 ? DotColor{205, 208, 214} : class_colors[static_cast<std::size_t>(number) % class_colors.size()];
}

std::vector<DotColor> colors_of_places(std::span<const float> positions) {
  const auto ranges = ranges_of(positions);
  std::vector<DotColor> colors;
  for (std::size_t i = 0; i + 1 < positions.size(); i += 2) {
    colors.push_back({static_cast<std::uint8_t>(std::lround(255.0 * ranges[0].share(positions[i]))),
                      static_cast<std::uint8_t>(std::lround(255.0 * ranges[1].share(positions[i + 1]))), 127});
  }
  return colors;
}

void write_scatter_picture(const std::filesystem::path& path, std::span<const ScatterPanel> panels,
                           std::size_t columns) {
  check(panels, columns);
  columns = std::min(columns, panels.size());
  std::size_t lines = 0;
  for (const ScatterPanel& panel : panels) lines = std::max(lines, panel.legend.size());
  const double height = title_height + side - 2.0 * margin + foot + margin + static_cast<double>(lines) * legend_line;
  const std::size_t rows = (panels.size() + columns - 1) / columns;
  const auto surface =
      latent::make_surface(path, static_cast<double>(columns) * side, static_cast<double>(rows) * height);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const std::size_t column = i % columns, row = i / columns;
    draw(*surface, panels[i], static_cast<double>(column) * side, static_cast<double>(row) * height);
  }
  write_file(path, surface->bytes());
}

}  // namespace soundalike
