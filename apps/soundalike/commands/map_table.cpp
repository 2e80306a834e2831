#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "arguments.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/map_table.hpp"
#include "threads.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional export_positionals[] = {
    {.name = "map", .kind = ValueKind::folder, .help = "a map that soundalike map made"},
};
constexpr Option export_options[] = {
    output_option("where to write the table, .csv"),
};
constexpr Example export_examples[] = {
    {"soundalike map export overdrive.map -o overdrive.csv", "one row per point"},
    {"soundalike map export overdrive.map -o /dev/stdout -q | head -3", "a look at it"},
};

constexpr Positional import_positionals[] = {
    {.name = "table",
     .kind = ValueKind::input_file,
     .help = "full_data.csv: a row per point, settings in columns p_..."},
    {.name = "embeddings", .kind = ValueKind::input_file, .help = "y_embeddings.npy: a row per point"},
};
constexpr Option import_options[] = {
    {.name = "output",
     .letter = 'o',
     .kind = ValueKind::folder,
     .value = "FOLDER",
     .required = true,
     .help = "the map's folder, new or empty"},
    {.name = "effect",
     .letter = 'e',
     .kind = ValueKind::effect,
     .value = "EFFECT",
     .help = "the effect that was mapped, with its parameters in the order of the columns p_..."},
    {.name = "clip",
     .kind = ValueKind::input_file,
     .value = "FILE",
     .help = "the recording that the points were rendered from"},
};
constexpr Example import_examples[] = {
    {"soundalike map import full_data.csv y_embeddings.npy -o old.map", "a map to look at"},
    {"soundalike map import full_data.csv y_embeddings.npy -e 'MDA Overdrive' --clip audio_clean.wav -o old.map",
     "and to listen to"},
};

int run_export(const Arguments& arguments, Context& context) {
  const LatentMap map = LatentMap::open(arguments.text("map"));
  const std::string output = arguments.text("output");
  write_file(output, map_csv(map));
  if (context.json()) {
    context.emit({{"file", output}, {"points", map.points()}});
  } else if (!context.quiet()) {
    context.print(fmt::format("{}: {} points\n", output, map.points()));
  }
  return 0;
}

int run_import(const Arguments& arguments, Context& context) {
  const std::string path = arguments.text("table");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(ErrorCode::not_found, fmt::format("cannot read the table '{}': there is no such file", path));
  const std::string csv{std::istreambuf_iterator<char>(in), {}};
  const NumberTable table = parse_number_table(csv, path);
  const NpyArray embeddings = read_npy(arguments.text("embeddings"));
  std::optional<AudioBuffer> clip;
  if (arguments.given("clip")) clip = read_audio(arguments.text("clip"));
  std::optional<EffectListing> effect;
  if (arguments.given("effect")) effect = EffectLibrary().find(arguments.text("effect"));
  const LatentMap map =
      import_map(arguments.text("output"), table, embeddings, effect ? &*effect : nullptr, clip, threads_of(context));
  if (context.json()) {
    context.emit({{"folder", map.folder().string()},
                  {"points", map.points()},
                  {"columns", map.columns().size()},
                  {"projections", map.outline().projections.size()}});
  } else if (!context.quiet()) {
    context.print(fmt::format("{}: {} points, {} columns, {} projections\n", map.folder().string(), map.points(),
                              map.columns().size(), map.outline().projections.size()));
  }
  return 0;
}

}  // namespace

extern const Command map_export_command{
    .name = "map export",
    .summary = "write a map as one table",
    .description =
        "Comma-separated values with a header: knobs, features, labels by their names, and the places "
        "of every projection.",
    .positionals = export_positionals,
    .options = export_options,
    .examples = export_examples,
    .run = run_export,
};

extern const Command map_import_command{
    .name = "map import",
    .summary = "make a map of a table and embeddings that another program stored",
    .description =
        "Reads the data of earlier latent controllers: columns p_<knob> are settings in [0, 1], p_hat_<knob> "
        "predictions, "
        "x_emb_<name> and y_emb_<name> places of a projection, class and texts named label_<name> labels, other "
        "numbers features. PCA and UMAP are "
        "added, so that old and new projections can be compared.",
    .positionals = import_positionals,
    .options = import_options,
    .examples = import_examples,
    .run = run_import,
};

}  // namespace soundalike::cli
