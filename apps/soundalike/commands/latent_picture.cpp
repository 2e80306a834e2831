#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "soundalike/latent_map.hpp"
#include "soundalike/scatter_picture.hpp"

namespace soundalike::cli {
namespace {

constexpr std::string_view by_place = "domain";

constexpr Positional positionals[] = {
    {.name = "map", .kind = ValueKind::folder, .help = "a map that soundalike map made"},
};
constexpr Option options[] = {
    output_option("where to write the picture, .png or .svg"),
    {.name = "colour",
     .letter = 'c',
     .kind = ValueKind::text,
     .value = "COLUMN",
     .repeatable = true,
     .help = "colour by a column, a panel each: p_<knob>, brightness, label_...; domain: by the place itself; default: "
             "every knob"},
    {.name = "projection",
     .letter = 'p',
     .kind = ValueKind::text,
     .value = "NAME",
     .help = "pca, umap, umap_<labels>; default: the smoother one"},
    {.name = "pairs", .help = "every pair of knobs instead, coloured by where its point lies in the projection"},
};
constexpr Example examples[] = {
    {"soundalike latent picture overdrive.map -o overdrive.png", "where each knob is up"},
    {"soundalike latent picture overdrive.map -c brightness -c domain -p umap -o overdrive.svg", "and what it does"},
    {"soundalike latent picture overdrive.map --pairs -o pairs.png", "which settings sound alike"},
};

ScatterPanel coloured(const LatentMap& map, const std::string& projection, const std::string& name) {
  const auto places = map.projection(projection);
  ScatterPanel panel{.title = name, .horizontal = projection, .positions = {places.begin(), places.end()}};
  if (name == by_place) {
    panel.colors = colors_of_places(places);
    return panel;
  }
  const auto values = map.column(name);
  const auto& column = *std::ranges::find(map.columns(), name, &MapColumn::name);
  if (!column.unit.empty()) panel.title += ", " + column.unit;
  if (column.categories.empty()) {
    panel.colors = colors_of_values(values);
    const auto [low, high] = std::ranges::minmax(values);
    const auto ends = colors_of_values(std::array{0.0f, 1.0f});
    panel.legend = {{fmt::format("{:.3g}", low), ends[0]}, {fmt::format("{:.3g}", high), ends[1]}};
    return panel;
  }
  for (const float value : values) panel.colors.push_back(color_of_class(static_cast<int>(value)));
  for (std::size_t c = 0; c < column.categories.size(); ++c) {
    panel.legend.emplace_back(column.categories[c], color_of_class(static_cast<int>(c)));
  }
  return panel;
}

std::vector<ScatterPanel> pairs(const LatentMap& map, const std::string& projection) {
  const auto& free = map.outline().free;
  std::vector<ScatterPanel> panels;
  for (std::size_t a = 0; a < free.size(); ++a) {
    for (std::size_t b = a + 1; b < free.size(); ++b) {
      ScatterPanel panel{.horizontal = map.outline().parameters[free[a].parameter].name,
                         .vertical = map.outline().parameters[free[b].parameter].name,
                         .colors = colors_of_places(map.projection(projection))};
      panel.title = panel.vertical + " over " + panel.horizontal;
      for (std::size_t i = 0; i < map.points(); ++i) {
        panel.positions.push_back(map.settings()[i][free[a].parameter]);
        panel.positions.push_back(map.settings()[i][free[b].parameter]);
      }
      panels.push_back(std::move(panel));
    }
  }
  if (panels.empty()) panels.push_back(coloured(map, projection, std::string(by_place)));
  return panels;
}

int run(const Arguments& arguments, Context& context) {
  const LatentMap map = LatentMap::open(arguments.text("map"));
  const std::string projection =
      arguments.given("projection") ? arguments.text("projection") : map.default_projection();
  std::vector<ScatterPanel> panels;
  if (arguments.given("pairs")) {
    panels = pairs(map, projection);
  } else if (arguments.given("colour")) {
    for (const auto& name : arguments.all("colour")) panels.push_back(coloured(map, projection, name));
  } else {
    for (const auto& column : map.columns()) {
      if (column.kind == ColumnKind::knob) panels.push_back(coloured(map, projection, column.name));
    }
  }
  const std::string output = arguments.text("output");
  write_scatter_picture(output, panels, 3);
  if (context.json()) {
    context.emit({{"file", output}, {"projection", projection}, {"panels", panels.size()}, {"points", map.points()}});
  } else if (!context.quiet()) {
    context.print(fmt::format("{}: {} panels of {} points, {}\n", output, panels.size(), map.points(), projection));
  }
  return 0;
}

}  // namespace

extern const Command latent_picture_command{
    .name = "latent picture",
    .summary = "draw a map, coloured by knobs, features or place",
    .description =
        "Draws the points of a map as PNG or SVG. Axes of a projection have no unit; distances between far clusters "
        "mean "
        "little. With domain colouring a point is redder to the right and greener upwards; --pairs shows the same "
        "colours over every two knobs, so that settings of like colour are those that sound alike.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
