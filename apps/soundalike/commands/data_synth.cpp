#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "manifest_report.hpp"
#include "soundalike/synthesis.hpp"

namespace soundalike::cli {
namespace {

constexpr Option options[] = {
    {.name = "to",
     .kind = ValueKind::folder,
     .value = "FOLDER",
     .required = true,
     .help = "a new or empty folder for the recordings and their manifest"},
    {.name = "minutes",
     .kind = ValueKind::number,
     .value = "M",
     .fallback = "60",
     .minimum = 0.34,
     .maximum = 10000,
     .help = "of audio in all; an hour takes 160 MB"},
    {.name = "speech",
     .kind = ValueKind::number,
     .value = "PERCENT",
     .fallback = "50",
     .minimum = 0,
     .maximum = 100,
     .unit = "%",
     .help = "how much of it is speech; the rest is music"},
    {.name = "textures",
     .kind = ValueKind::number,
     .value = "PERCENT",
     .fallback = "0",
     .minimum = 0,
     .maximum = 100,
     .unit = "%",
     .help = "how much of it is sound without notes: noise, drones, bells, crackle, glides"},
    {.name = "voices",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "24",
     .minimum = 1,
     .maximum = 1000,
     .help = "how many speakers"},
    {.name = "rate",
     .kind = ValueKind::integer,
     .value = "HZ",
     .fallback = "44100",
     .minimum = 8000,
     .maximum = 192000,
     .help = "sample rate"},
    {.name = "seed",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "0",
     .minimum = 0,
     .help = "same seed, same material"},
    {.name = "own", .help = "do not use espeak-ng and FluidSynth, installed or not"},
    {.name = "sound-font",
     .kind = ValueKind::input_file,
     .value = "FILE.sf2",
     .help = "for FluidSynth; default: the first in /usr/share/sounds/sf2"},
};
constexpr Example examples[] = {
    {"soundalike data synth --to data/synthetic", "an hour of speech-like and musical material"},
    {"soundalike data synth --to data/own --own --seed 7", "the same bit for bit on every machine"},
};

int run(const Arguments& arguments, Context& context) {
  const std::filesystem::path folder = arguments.text("to");
  const Synthesised made = synthesise_corpus(folder, {.minutes = arguments.number("minutes"),
                                                      .speech_share = arguments.number("speech") / 100.0,
                                                      .texture_share = arguments.number("textures") / 100.0,
                                                      .rate_hz = static_cast<double>(arguments.integer("rate")),
                                                      .voices = static_cast<std::size_t>(arguments.integer("voices")),
                                                      .seed = static_cast<std::uint64_t>(arguments.integer("seed")),
                                                      .other_programs = !arguments.given("own"),
                                                      .sound_font = arguments.text("sound-font"),
                                                      .workers = context.jobs(),
                                                      .progress = context.progress(),
                                                      .stop = context.stop()});
  context.clear_progress();
  if (context.json()) {
    context.emit(
        {{"folder", folder.string()},
         {"made_by",
          {{"soundalike", made.by_ourselves}, {"espeak-ng", made.by_espeak}, {"fluidsynth", made.by_fluidsynth}}},
         {"manifest", manifest_json(made.manifest)}});
    return 0;
  }
  context.print(fmt::format("{} recordings of 20 s in {}: {} by soundalike, {} by espeak-ng, {} by FluidSynth\n{}\n",
                            made.manifest.entries.size(), folder.string(), made.by_ourselves, made.by_espeak,
                            made.by_fluidsynth, split_line(made.manifest)));
  return 0;
}

}  // namespace

extern const Command data_synth_command{
    .name = "data synth",
    .summary = "make speech-like and musical recordings to train on",
    .description =
        "Fills a folder with material for training where there is no corpus: babble of formant voices, and pieces for "
        "plucked strings, electric piano, analogue voices, pads and drums that nobody wrote; with --textures also "
        "sound "
        "without notes. Where espeak-ng is installed it speaks for half of the voices; where FluidSynth and a sound "
        "font "
        "are, they play half of the pieces.",
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
