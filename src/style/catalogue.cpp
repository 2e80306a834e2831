#include <fmt/format.h>

#include <array>

#include "soundalike/error.hpp"
#include "soundalike/style_distance.hpp"
#include "soundalike/style_fit.hpp"
#include "style/feature_distance.hpp"
#include "style/projected_distance.hpp"

namespace soundalike {
namespace {

using style::Model;

struct Row {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<StyleDistance> (*make)(const StyleView&, const Model&);
};

constexpr std::array rows{
    Row{"style", "all features, whitened by how content varies, on the axes along which effects differ",
        [](const StyleView& view, const Model& model) { return style::make_projected_distance(view, model); }},
    Row{"features", "all features, each divided by its natural variability over content",
        [](const StyleView& view, const Model& model) { return style::make_feature_distance(view, model, ""); }},
    Row{"ltas", "long-term mel spectrum only, each band divided by its natural variability over content",
        [](const StyleView& view, const Model& model) { return style::make_feature_distance(view, model, "ltas."); }},
};

// Parsed once: it takes longer than describing a recording does.
const Model& built_in() {
  static const Model model = style::parse_model(style::built_in_model);
  return model;
}

template <std::size_t I>
std::unique_ptr<StyleDistance> make_built_in(const StyleView& view) {
  return rows[I].make(view, built_in());
}

template <std::size_t... I>
constexpr auto kinds_of(std::index_sequence<I...>) {
  return std::array{StyleDistanceKind{rows[I].name, rows[I].summary, make_built_in<I>}...};
}

constexpr auto kinds = kinds_of(std::make_index_sequence<rows.size()>());

const Row& find(std::string_view name) {
  for (const Row& row : rows) {
    if (row.name == name) return row;
  }
  std::string known;
  for (const Row& row : rows) known += fmt::format("{}{}", known.empty() ? "" : ", ", row.name);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot compare by style distance '{}': no such distance; known are {}", name, known));
}

}  // namespace

std::span<const StyleDistanceKind> style_distances() { return kinds; }

std::unique_ptr<StyleDistance> make_style_distance(std::string_view name, const StyleView& view) {
  return find(name).make(view, built_in());
}

std::unique_ptr<StyleDistance> make_style_distance(std::string_view name, const StyleView& view,
                                                   std::string_view model) {
  return find(name).make(view, style::parse_model(model));
}

}  // namespace soundalike
