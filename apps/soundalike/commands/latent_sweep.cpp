#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "context.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/knob_sweep.hpp"
#include "soundalike/scatter_picture.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "map", .kind = ValueKind::folder, .help = "a map that soundalike map made"},
};
constexpr Option options[] = {
    {.name = "knob",
     .letter = 'k',
     .kind = ValueKind::text,
     .value = "KNOB",
     .repeatable = true,
     .required = true,
     .help = "the knob to move over its range, a panel each; the others stay at the map's base"},
    {.name = "output",
     .letter = 'o',
     .kind = ValueKind::output_file,
     .value = "FILE",
     .help = "draw the path over the map, .png or .svg"},
    {.name = "projection",
     .letter = 'p',
     .kind = ValueKind::text,
     .value = "NAME",
     .help = "pca, umap, umap_<labels>; default: the smoother one"},
    {.name = "steps",
     .letter = 'n',
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "32",
     .minimum = 2,
     .maximum = 1000,
     .help = "settings of the knob"},
};
constexpr Example examples[] = {
    {"soundalike latent sweep overdrive.map -k drive -k muffle -o sweep.png", "where two knobs lead"},
    {"soundalike latent sweep filter.map -k cutoff -n 100 --json", "a hundred places, as numbers"},
};

int run(const Arguments& arguments, Context& context) {
  const LatentMap map = LatentMap::open(arguments.text("map"));
  const EffectLibrary library;
  const EffectListing& effect = library.find(map.outline().effect);
  const std::string projection =
      arguments.given("projection") ? arguments.text("projection") : map.default_projection();
  const auto places = map.projection(projection);
  std::vector<ScatterPanel> panels;
  nlohmann::ordered_json sweeps = nlohmann::ordered_json::array();
  Table table({{"knob"}, {"value"}, {"x", true}, {"y", true}});
  for (const std::string& knob : arguments.all("knob")) {
    const KnobSweep sweep =
        sweep_knob(map, effect, knob, projection, static_cast<std::size_t>(arguments.integer("steps")),
                   {.workers = context.jobs()});
    panels.push_back({.title = sweep.knob,
                      .horizontal = projection,
                      .positions = {places.begin(), places.end()},
                      .colors = std::vector(map.points(), color_of_class(-1)),
                      .path = sweep.positions});
    nlohmann::ordered_json path = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < sweep.settings.size(); ++i) {
      path.push_back({{"setting", sweep.settings[i]},
                      {"text", sweep.texts[i]},
                      {"x", sweep.positions[2 * i]},
                      {"y", sweep.positions[2 * i + 1]}});
      table.add({sweep.knob, sweep.texts[i], fmt::format("{:.3f}", sweep.positions[2 * i]),
                 fmt::format("{:.3f}", sweep.positions[2 * i + 1])});
    }
    sweeps.push_back({{"knob", sweep.knob}, {"path", std::move(path)}});
  }
  const std::string output = arguments.text("output");
  if (!output.empty()) write_scatter_picture(output, panels, 3);
  if (context.json()) {
    context.emit({{"projection", projection}, {"sweeps", std::move(sweeps)}, {"file", output}});
  } else if (!context.quiet()) {
    context.print(table.text(context.width(), context.colored()));
    if (!output.empty()) context.print(fmt::format("\n{}\n", output));
  }
  return 0;
}

}  // namespace

extern const Command latent_sweep_command{
    .name = "latent sweep",
    .summary = "move one knob and see where that leads on a map",
    .description =
        "Renders the map's recording with one knob moved over its range, the others where the map has them when they "
        "do "
        "not move, embeds what comes out and places it on the map: a straight, even path is a knob that the encoder "
        "hears well.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
