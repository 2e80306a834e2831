#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace soundalike {

/// Red, green, blue.
using DotColor = std::array<std::uint8_t, 3>;

/// Viridis over the range of the values; all alike where they are.
std::vector<DotColor> colors_of_values(std::span<const float> values);
/// A colour per class that colour-blind eyes tell apart, by number, eight in turn; grey for -1.
DotColor color_of_class(int number);
/// Where a place lies in its picture as a colour: red to the right, green upwards, blue half (domain colouring).
std::vector<DotColor> colors_of_places(std::span<const float> positions);

/// Dots in the plane, all of them in view.
struct ScatterPanel {
  std::string title, horizontal, vertical;  ///< axes are named, not measured: their units mean nothing
  std::vector<float> positions;             ///< [dots x 2], x to the right, y upwards
  std::vector<DotColor> colors;             ///< one per dot
  std::vector<float> path{};                ///< [places x 2], joined by a line over the dots
  std::vector<std::pair<std::string, DotColor>> legend{};
};

/// Writes panels side by side, `columns` in a row, as PNG or SVG by the file's extension. The same panels give the same
/// bytes; the file appears whole or not at all.
/// @throws Error invalid_argument for another extension, no panels, or counts that do not fit; io.
void write_scatter_picture(const std::filesystem::path& path, std::span<const ScatterPanel> panels,
                           std::size_t columns);

}  // namespace soundalike
