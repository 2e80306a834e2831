#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "audit_report.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/demo_recordings.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/map_maker.hpp"
#include "table.hpp"
#include "threads.hpp"

namespace soundalike::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr double most_minutes = 10.0;  // of the recording that are looked at
constexpr std::string_view demo = "band.flac";

constexpr Positional positionals[] = {
    {.name = "clip",
     .kind = ValueKind::input_file,
     .required = false,
     .help = "the recording that the effect is heard on; default: band.flac, which comes with the program"},
};
constexpr Option options[] = {
    {.name = "effect",
     .letter = 'e',
     .kind = ValueKind::effect,
     .value = "EFFECT",
     .required = true,
     .help = "the effect whose sounds are mapped"},
    {.name = "output",
     .letter = 'o',
     .kind = ValueKind::folder,
     .value = "FOLDER",
     .required = true,
     .help = "the map's folder; a map that was stopped there is gone on with"},
    {.name = "points",
     .letter = 'n',
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "1000",
     .minimum = 40,
     .maximum = 100000,
     .help = "settings to render"},
    seed_option("of the settings and the layout"),
    {.name = "sampling",
     .kind = ValueKind::choice,
     .value = "NAME",
     .fallback = "sobol",
     .choices =
         [] {
           return Words{to_string(Sampling::uniform), to_string(Sampling::sobol), to_string(Sampling::adaptive)};
         },
     .help = "how settings are chosen: by chance, evenly, or denser where the sound changes faster"},
    encoder_option(
        "what decides which sounds are alike: an encoder that soundalike models lists, a .salmodel file, or the "
        "statistics style or features"),
    part_seconds_option("of the clip's loudest part to render"),
    settings_option("leave a knob there, in its own unit"),
    {.name = "free",
     .kind = ValueKind::text,
     .value = "KNOB",
     .repeatable = true,
     .help = "move a knob that the effect's profile fixes, choices and switches too"},
};
constexpr Example examples[] = {
    {"soundalike map -e 'MDA Overdrive' -o overdrive.map -n 200", "a first look, on a recording that comes along"},
    {"soundalike map vocal.wav -e 'MDA Overdrive' -o overdrive.map", "a thousand sounds of one effect"},
    {"soundalike map drums.flac -e 'Calf Filter' --free mode -n 10000 --sampling adaptive -o filter.map",
     "ten thousand, more of them where a little turn of a knob is heard"},
};

Json report(const LatentMap& map) {
  Json projections = Json::array(), left_out = Json::object();
  for (const auto& p : map.outline().projections) {
    projections.push_back({{"name", p.name},
                           {"trustworthiness", p.trustworthiness},
                           {"neighbours_kept", p.neighbours_kept},
                           {"knob_roughness", p.knob_roughness},
                           {"default", p.is_default}});
  }
  for (const auto& point : map.outline().left_out) {
    left_out[point.reason] = left_out.value(point.reason, 0) + 1;
  }
  return {{"folder", map.folder().string()},
          {"effect", map.outline().effect},
          {"points", map.points()},
          {"left_out", left_out},
          {"encoder", map.outline().encoder},
          {"embedding_size", map.outline().embedding_size},
          {"projections", std::move(projections)}};
}

std::string text(const LatentMap& map, const Context& context) {
  const MapOutline& outline = map.outline();
  std::string said =
      fmt::format("{}: {} points of {} on {}, {} numbers each by {}\n", map.folder().string(), map.points(),
                  outline.effect_name, outline.clip_name, outline.embedding_size, outline.encoder);
  if (!outline.left_out.empty()) {
    said += fmt::format("{} points left out, for their render failed\n", outline.left_out.size());
  }
  Table table({{"projection"}, {"trustworthiness", true}, {"neighbours kept", true}, {"knob roughness", true}, {""}});
  for (const auto& p : outline.projections) {
    table.add({p.name, fmt::format("{:.3f}", p.trustworthiness), fmt::format("{:.3f}", p.neighbours_kept),
               fmt::format("{:.3f}", p.knob_roughness), p.is_default ? "default" : ""});
  }
  return said + "\n" + table.text(context.width(), context.colored());
}

struct Clip {
  std::string name;
  AudioBuffer audio;
};

Clip clip_of(const Arguments& arguments) {
  if (!arguments.given("clip")) return {std::string(demo), read_demo_recording(demo)};
  const std::string path = arguments.text("clip");
  AudioFileReader reader(path);
  const auto frames = static_cast<std::size_t>(60.0 * most_minutes * reader.info().sample_rate.hz);
  return {std::filesystem::path(path).filename().string(), reader.read(std::min(frames, reader.info().frames))};
}

int run(const Arguments& arguments, Context& context) {
  const EffectLibrary library;
  const EffectListing& effect = library.find(arguments.text("effect"));
  warn_of_audit(effect, context);
  const Clip clip = clip_of(arguments);
  MapOptions map_options{
      .points = static_cast<std::size_t>(arguments.integer("points")),
      .seed = static_cast<std::uint64_t>(arguments.integer("seed")),
      .sampling = parse_sampling(arguments.text("sampling")),
      .encoder = arguments.text("encoder"),
      .seconds = arguments.number("seconds"),
      .pinned = arguments.assignments("settings"),
      .freed = arguments.all("free"),
  };
  map_options.renderer.workers = context.jobs();
  map_options.threads = threads_of(context);
  const LatentMap map = make_map(arguments.text("output"), effect, clip.audio, clip.name, map_options,
                                 context.progress(), context.stop());
  context.clear_progress();
  if (context.json()) {
    context.emit(report(map));
  } else if (!context.quiet()) {
    context.print(text(map, context));
  }
  return 0;
}

}  // namespace

extern const Command map_command{
    .name = "map",
    .summary = "lay out all that an effect can do with a recording",
    .description =
        "Renders the effect at many settings on one recording, embeds and measures what comes out, and lays the points "
        "out in the plane so that what sounds alike lies together. The folder is described in docs/formats.md; its "
        "arrays open with NumPy.\n\n"
        "The same command makes the same map, however many jobs it runs. Ctrl-C stops it and loses nothing: the same "
        "command goes on.\n\n"
        "Trustworthiness and neighbours kept say how true a projection is to the embeddings, 1 at best; knob roughness "
        "how abruptly the knobs change from point to point, 0 at best. The smoother projection is the default.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
