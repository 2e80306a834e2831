#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "front_end_clip.hpp"
#include "new_files.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/phase.hpp"
#include "soundalike/picture.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "from", .kind = ValueKind::input_file, .help = "where the path begins, an audio file"},
    {.name = "to", .kind = ValueKind::input_file, .help = "where it ends"},
};
constexpr Option options[] = {
    output_option("where to write the picture, .png: a row per step"),
    {.name = "steps",
     .letter = 'n',
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "5",
     .minimum = 2,
     .maximum = 20,
     .help = "of the path, both ends among them"},
    back_option("also make sound of the steps, one after the other, .wav or .flac"),
    phase_iterations_option,
    seed_option("of the phases to begin with"),
};
constexpr Example examples[] = {
    {"soundalike latent blend dry.wav wet.wav -o path.png", "from one to the other in five steps"},
    {"soundalike latent blend dry.wav wet.wav -o path.png -n 9 --back path.wav", "in nine, and to hear"},
};

/// Between two images, before they were normalised: `share` 0 is the first, 1 the second.
SpectrogramImage between(const SpectrogramImage& from, const SpectrogramImage& to, double share) {
  SpectrogramImage image{from.frames, from.bins, std::vector<float>(from.values.size()), 0.0f, 1.0f};
  const auto part = static_cast<float>(share);
  double sum = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < image.values.size(); ++i) {
    const float a = from.values[i] * from.deviation + from.mean, b = to.values[i] * to.deviation + to.mean;
    image.values[i] = a + part * (b - a);
    sum += static_cast<double>(image.values[i]);
  }
  const auto count = static_cast<double>(image.values.size());
  const double mean = sum / count;
  for (const float value : image.values)
    squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
  if (squares > 0.0) image.deviation = static_cast<float>(std::sqrt(squares / (count - 1.0)));
  image.mean = static_cast<float>(mean);
  for (float& value : image.values) value = (value - image.mean) / image.deviation;
  return image;
}

int run(const Arguments& arguments, Context& context) {
  const std::string output = arguments.text("output");
  if (std::filesystem::path(output).extension() != ".png") {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot write the picture '{}': only .png is written", output));
  }
  const FrontEnd front_end(linear_front_end());
  const auto image_of = [&](const std::string& path) {
    return front_end.image(read_clip(path, 0.0, front_end.options()));
  };
  const SpectrogramImage from = image_of(arguments.text("from")), to = image_of(arguments.text("to"));
  const auto steps = static_cast<std::size_t>(arguments.integer("steps"));
  std::vector<ImageRow> rows;
  for (std::size_t i = 0; i < steps; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(steps - 1);
    rows.push_back({fmt::format("{:.0f} % of the way", 100.0 * share), between(from, to, share)});
  }
  NewFiles files;
  nlohmann::ordered_json report{{"file", output}, {"steps", steps}};
  std::string said = fmt::format("{}: {} steps\n", output, steps);
  if (arguments.given("back")) {
    const std::string back = arguments.text("back");
    const PhaseOptions how{.iterations = static_cast<std::size_t>(arguments.integer("iterations")),
                           .seed = static_cast<std::uint64_t>(arguments.integer("seed"))};
    const std::size_t length = front_end.options().samples;
    AudioBuffer path(1, steps * length, front_end.options().sample_rate);
    for (std::size_t i = 0; i < steps; ++i) {
      const AudioBuffer heard = reconstruct(front_end, rows[i].image, "fast-griffin-lim", how);
      std::ranges::copy(heard.channel(0), path.channel(0).begin() + static_cast<std::ptrdiff_t>(i * length));
    }
    files.add(back);
    write_audio(back, path);
    report["back"] = back;
    said += fmt::format("{}: the steps, {:.1f} s\n", back, path.seconds());
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

extern const Command latent_blend_command{
    .name = "latent blend",
    .summary = "a path of spectrograms from one recording to another",
    .description =
        "Draws the way between the first 5.5 s of two recordings in the compressed spectrogram that encoders see, and "
        "makes sound of it with --back. No encoder that comes along has a decoder, so the way leads through the "
        "spectrograms themselves, not through a latent space.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
