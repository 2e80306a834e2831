#include <fmt/format.h>

#include <array>

#include "soundalike/error.hpp"
#include "style/feature_distance.hpp"

namespace soundalike {
namespace {

constexpr std::array kinds{
    StyleDistanceKind{"style", "all features, each divided by its natural variability over content",
                      [](const StyleView& view) { return style::make_feature_distance(view, ""); }},
    StyleDistanceKind{"ltas", "long-term mel spectrum only",
                      [](const StyleView& view) { return style::make_feature_distance(view, "ltas."); }},
};

}  // namespace

std::span<const StyleDistanceKind> style_distances() { return kinds; }

std::unique_ptr<StyleDistance> make_style_distance(std::string_view name, const StyleView& view) {
  for (const auto& kind : kinds) {
    if (kind.name == name) return kind.make(view);
  }
  std::string known;
  for (const auto& kind : kinds) known += fmt::format("{}{}", known.empty() ? "" : ", ", kind.name);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot compare by style distance '{}': no such distance; known are {}", name, known));
}

}  // namespace soundalike
