#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "arguments.hpp"
#include "command.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "front_end_clip.hpp"
#include "new_files.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/front_end.hpp"
#include "soundalike/phase.hpp"
#include "soundalike/picture.hpp"

namespace soundalike::cli {
namespace {

constexpr std::string_view own_phases = "phase";

Words methods() {
  Words names{own_phases};
  for (const PhaseMethod& method : phase_methods()) names.push_back(method.name);
  return names;
}

constexpr Positional positionals[] = {
    {.name = "recording", .kind = ValueKind::input_file, .help = "an audio file"},
};
constexpr Option options[] = {
    output_option("where to write the picture, .png"),
    {.name = "front-end",
     .kind = ValueKind::choice,
     .value = "NAME",
     .fallback = "linear",
     .choices =
         [] {
           return Words{to_string(FrontEndKind::linear), to_string(FrontEndKind::mel)};
         },
     .help = "what a network sees: bins of an STFT, or mel bands"},
    {.name = "start",
     .kind = ValueKind::number,
     .value = "S",
     .fallback = "0",
     .minimum = 0,
     .maximum = 1e6,
     .unit = "s",
     .help = "where in the recording the 5.5 s begin that are looked at"},
    back_option("also make sound of the picture again, .wav or .flac"),
    {.name = "method",
     .kind = ValueKind::choice,
     .value = "NAME",
     .fallback = "fast-griffin-lim",
     .choices = methods,
     .help = "how --back finds phases; phase: those of the recording"},
    phase_iterations_option,
    seed_option("of the phases to begin with"),
};
constexpr Example examples[] = {
    {"soundalike spectrogram vocal.wav -o vocal.png", "what an encoder sees of a recording"},
    {"soundalike spectrogram vocal.wav -o vocal.png --front-end mel --back heard.wav",
     "and what is left of it to hear"},
};

/// How far the magnitudes of `heard` are from those of `clip`, in dB; nothing for silence.
std::optional<double> convergence_db(const AudioBuffer& heard, const AudioBuffer& clip, const StftOptions& stft) {
  const double ratio = spectral_convergence(heard.channel(0), stft_magnitudes(clip.channel(0), stft), stft);
  return ratio > 0.0 ? std::optional(to_db(ratio)) : std::nullopt;
}

int run(const Arguments& arguments, Context& context) {
  const bool mel = parse_front_end_kind(arguments.text("front-end")) == FrontEndKind::mel;
  const FrontEnd front_end(mel ? mel_front_end() : linear_front_end());
  const std::string input = arguments.text("recording");
  const std::string output = arguments.text("output");
  if (std::filesystem::path(output).extension() != ".png") {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot write the picture '{}': only .png is written", output));
  }
  const AudioBuffer clip = read_clip(input, arguments.number("start"), front_end.options());
  const SpectrogramImage image = front_end.image(clip);
  std::vector<ImageRow> rows{{std::filesystem::path(input).filename().string(), image}};

  NewFiles files;
  nlohmann::ordered_json report{{"file", output},
                                {"front_end", to_string(front_end.options().kind)},
                                {"frames", image.frames},
                                {"bins", image.bins}};
  std::string said = fmt::format("{}: {} frames x {} {}\n", output, image.frames, image.bins, mel ? "bands" : "bins");
  if (arguments.given("back")) {
    const std::string back = arguments.text("back");
    const std::string method = arguments.text("method");
    const PhaseOptions how{.iterations = static_cast<std::size_t>(arguments.integer("iterations")),
                           .seed = static_cast<std::uint64_t>(arguments.integer("seed"))};
    const AudioBuffer heard =
        method == own_phases ? reconstruct(front_end, image, clip) : reconstruct(front_end, image, method, how);
    files.add(back);
    write_audio(back, heard);
    rows.push_back({fmt::format("{}, back by {}", rows[0].title, method), front_end.image(heard)});
    const auto convergence = convergence_db(heard, clip, front_end.options().stft);
    report["back"] = {{"file", back}, {"method", method}};
    report["back"]["spectral_convergence_db"] = convergence ? nlohmann::ordered_json(*convergence) : nullptr;
    said += fmt::format("{}: back by {}, {}\n", back, method,
                        convergence ? fmt::format("magnitudes {:.1f} dB off", *convergence) : "the same magnitudes");
  }
  files.add(output);
  write_image_picture(output, rows);
  files.keep();
  if (context.json()) {
    context.emit(report);
  } else if (!context.quiet()) {
    context.print(said);
  }
  return 0;
}

}  // namespace

extern const Command spectrogram_command{
    .name = "spectrogram",
    .summary = "what a network sees of a recording, and what that sounds like",
    .description =
        "Draws 5.5 s of a recording as the encoders see them: at 24 kHz in mono, compressed and normalised. With "
        "--back "
        "the picture is made sound again, which tells what it has kept, and drawn below the first.\n\n"
        "The difference in magnitudes is the spectral convergence: the norm of the difference of both STFTs' "
        "magnitudes over the norm of the recording's.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
