#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "soundalike/error.hpp"
#include "soundalike/map_labels.hpp"
#include "threads.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "map", .kind = ValueKind::folder, .help = "a map that soundalike map made"},
};
constexpr Option options[] = {
    {.name = "column",
     .letter = 'c',
     .kind = ValueKind::text,
     .value = "NAME",
     .repeatable = true,
     .excludes = "regions",
     .help = "label the lowest and the highest points of this: brightness, depth, loudness, p_<knob>, ..."},
    {.name = "count",
     .letter = 'n',
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "100",
     .minimum = 1,
     .maximum = 50000,
     .help = "points at each end"},
    {.name = "regions",
     .kind = ValueKind::input_file,
     .value = "FILE",
     .help = "label the points inside regions: JSON as docs/formats.md has it"},
    {.name = "weight",
     .kind = ValueKind::number,
     .value = "SHARE",
     .fallback = "0.5",
     .minimum = 0,
     .maximum = 0.99,
     .help = "of the labels against the sounds"},
    seed_option("of the layout"),
};
constexpr Example examples[] = {
    {"soundalike map label overdrive.map -c brightness -n 25", "dark to one side, bright to the other"},
    {"soundalike map label overdrive.map -c brightness -c depth", "four classes, 100 points each"},
};

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(ErrorCode::not_found, fmt::format("cannot read the regions '{}': there is no such file", path));
  return {std::istreambuf_iterator<char>(in), {}};
}

int run(const Arguments& arguments, Context& context) {
  const LatentMap map = LatentMap::open(arguments.text("map"));
  if (!arguments.given("column") && !arguments.given("regions")) {
    throw Error(ErrorCode::invalid_argument, "nothing to label by: give --column or --regions");
  }
  const MapLabels labels =
      arguments.given("regions")
          ? label_by_regions(map, parse_regions(text_of(arguments.text("regions")), arguments.text("regions")))
          : label_by_columns(map, arguments.all("column"), static_cast<std::size_t>(arguments.integer("count")));
  const LabelOptions how{
      .seed = static_cast<std::uint64_t>(arguments.integer("seed")),
      .weight = arguments.number("weight"),
      .threads = threads_of(context),
  };
  const LatentMap made = add_labels(map.folder(), labels, how, context.progress(), context.stop());
  context.clear_progress();
  const auto added = std::ranges::find(made.outline().projections, "umap_" + labels.name, &MapProjection::name);
  nlohmann::ordered_json counts = nlohmann::ordered_json::object();
  for (std::size_t c = 0; c < labels.categories.size(); ++c) {
    counts[labels.categories[c]] = std::ranges::count(labels.classes, static_cast<int>(c));
  }
  if (context.json()) {
    context.emit({{"column", "label_" + labels.name},
                  {"projection", added->name},
                  {"labels", counts},
                  {"trustworthiness", added->trustworthiness},
                  {"neighbours_kept", added->neighbours_kept},
                  {"knob_roughness", added->knob_roughness}});
  } else if (!context.quiet()) {
    std::string said;
    for (const auto& [name, count] : counts.items()) said += fmt::format("{:>6}  {}\n", count.get<int>(), name);
    context.print(said + fmt::format("column label_{}, projection {}: trustworthiness {:.3f}, neighbours kept {:.3f}, "
                                     "knob roughness {:.3f}\n",
                                     labels.name, added->name, added->trustworthiness, added->neighbours_kept,
                                     added->knob_roughness));
  }
  return 0;
}

}  // namespace

extern const Command map_label_command{
    .name = "map label",
    .summary = "lay a map out again by what its points have in common",
    .description =
        "Labels points of a map, by the ends of a column or by regions that somebody drew, and adds a projection in "
        "which labelled points of a class lie together: UMAP with partial labels. The map keeps its other projections.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
