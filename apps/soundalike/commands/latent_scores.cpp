#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "arguments.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/error.hpp"
#include "soundalike/latent_scores.hpp"
#include "table.hpp"
#include "threads.hpp"

namespace soundalike::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr Positional positionals[] = {
    {.name = "map", .kind = ValueKind::folder, .help = "a map that soundalike map made"},
};
constexpr Option options[] = {
    {.name = "projection",
     .letter = 'p',
     .kind = ValueKind::text,
     .value = "NAME",
     .help = "whose information about the knobs is told; default: the smoother one"},
    {.name = "points",
     .letter = 'n',
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "2000",
     .minimum = 40,
     .maximum = 100000,
     .help = "points of the map to look at, evenly spaced"},
    seed_option("of the forests"),
};
constexpr Example examples[] = {
    {"soundalike latent scores overdrive.map", "what the encoder knows of each knob"},
    {"soundalike latent scores overdrive.map -p umap -n 10000 --json", "of all points, as numbers"},
};

std::string shown(const std::optional<double>& value) { return value ? fmt::format("{:.3g}", *value) : "-"; }
Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json report(const LatentMap& map, const LatentScores& scores) {
  Json knobs = Json::array(), dimensions = Json::array();
  for (const auto& knob : scores.knobs) {
    knobs.push_back({{"knob", knob.knob},
                     {"dimension_nats", knob.dimension},
                     {"canonical_nats", knob.canonical},
                     {"projection_nats", knob.projection}});
  }
  for (const auto& d : scores.dimensions) {
    dimensions.push_back({{"variance", d.variance},
                          {"divergence_nats", number(d.divergence)},
                          {"output_variance", number(d.output_variance)},
                          {"active", d.is_active}});
  }
  const Disentanglement& apart = scores.disentanglement;
  return {{"map", map.folder().string()},
          {"encoder", map.outline().encoder},
          {"suggested_size", scores.suggested_size},
          {"mig", apart.mig},
          {"sap", apart.sap},
          {"dci",
           {{"disentanglement", apart.dci_disentanglement},
            {"completeness", apart.dci_completeness},
            {"informativeness", apart.dci_informativeness}}},
          {"canonical_correlations", scores.correlation},
          {"knobs", std::move(knobs)},
          {"dimensions", std::move(dimensions)}};
}

std::string text(const LatentMap& map, const LatentScores& scores, const Context& context) {
  const Disentanglement& apart = scores.disentanglement;
  std::string said = fmt::format(
      "{} on {}: {} of {} dimensions active\n"
      "MIG {:.3f}, SAP {:.3f}, DCI disentanglement {:.3f}, completeness {:.3f}, informativeness {:.3f}\n\n",
      map.outline().encoder, map.outline().effect_name, scores.suggested_size, scores.dimensions.size(), apart.mig,
      apart.sap, apart.dci_disentanglement, apart.dci_completeness, apart.dci_informativeness);
  Table knobs({{"knob"}, {"best dimension", true}, {"canonical", true}, {"projection", true}});
  for (const auto& knob : scores.knobs) {
    knobs.add({knob.knob, fmt::format("{:.3f}", knob.dimension), fmt::format("{:.3f}", knob.canonical),
               fmt::format("{:.3f}", knob.projection)});
  }
  Table dimensions({{"dimension", true}, {"variance", true}, {"divergence", true}, {"output variance", true}, {""}});
  for (std::size_t d = 0; d < scores.dimensions.size(); ++d) {
    const auto& one = scores.dimensions[d];
    dimensions.add({std::to_string(d), fmt::format("{:.3g}", one.variance), shown(one.divergence),
                    shown(one.output_variance), one.is_active ? "active" : ""});
  }
  return said + "information about each knob, nats\n" + knobs.text(context.width(), context.colored()) + "\n" +
         dimensions.text(context.width(), context.colored());
}

int run(const Arguments& arguments, Context& context) {
  const LatentMap map = LatentMap::open(arguments.text("map"));
  LatentScoreOptions how{.projection = arguments.text("projection"),
                         .points = static_cast<std::size_t>(arguments.integer("points")),
                         .seed = static_cast<std::uint64_t>(arguments.integer("seed")),
                         .threads = threads_of(context)};
  how.renderer.workers = context.jobs();
  const EffectLibrary library;
  try {
    how.effect = &library.find(map.outline().effect);
  } catch (const Error& error) {
    context.warn(fmt::format("divergences stay away: {}", error.what()));
  }
  const LatentScores scores = score_latent(map, how);
  if (context.json()) {
    context.emit(report(map, scores));
  } else {
    context.print(text(map, scores, context));
  }
  return 0;
}

}  // namespace

extern const Command latent_scores_command{
    .name = "latent scores",
    .summary = "what an encoder has learnt of an effect's knobs",
    .description =
        "Measures the embeddings of a map. Which dimensions are used: their variance, and of a variational encoder the "
        "divergence from its prior and how much of the output they move. Whether a dimension stands for one knob: MIG, "
        "SAP and DCI, 1 at best. And how much is known of each knob, by mutual information (Kraskov et al. 2004) with "
        "the best dimension, the best of two canonical directions, and the better axis of a projection.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
