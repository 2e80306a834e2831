#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "numbers.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/resample.hpp"
#include "soundalike/style_distance.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "recording", .kind = ValueKind::input_file, .help = "an audio file"},
    {.name = "other", .kind = ValueKind::input_file, .help = "the audio file to compare it with"},
};
constexpr Option options[] = {
    {.name = "seconds",
     .kind = ValueKind::number,
     .value = "S",
     .fallback = "120",
     .minimum = 0.1,
     .maximum = 3600,
     .unit = "s",
     .help = "the longest part of each recording that is compared, taken from its middle"},
};
constexpr Example examples[] = {
    {"soundalike distance dry.wav wet.wav", "how far apart two recordings sound, whatever they say or play"},
    {"soundalike distance take1.flac take2.flac --json", "the same for a program"},
};

struct Recording {
  std::string path;
  AudioFileInfo info;
  AudioBuffer audio;  // the part that is compared
  Levels levels;      // of that part
};

double seconds_of(const AudioFileInfo& info) { return static_cast<double>(info.frames) / info.sample_rate.hz; }

Recording read(const std::string& path, double seconds) {
  AudioFileReader reader(path);
  const AudioFileInfo info = reader.info();
  const auto most = static_cast<std::size_t>(std::ceil(seconds * info.sample_rate.hz));
  if (info.frames > most) reader.seek((info.frames - most) / 2);
  AudioBuffer audio = reader.read(std::min(info.frames, most));
  const Levels levels = measure_levels(audio);
  return {path, info, std::move(audio), levels};
}

struct LevelRow {
  std::string_view name;
  std::string_view key;
  double Levels::*value;
};
constexpr LevelRow level_rows[] = {
    {"loudness, LUFS", "lufs", &Levels::lufs},           {"RMS, dBFS", "rms_db", &Levels::rms_db},
    {"peak, dBFS", "peak_db", &Levels::peak_db},         {"true peak, dBTP", "true_peak_db", &Levels::true_peak_db},
    {"crest factor, dB", "crest_db", &Levels::crest_db},
};

// How both are looked at: at the lower rate, and in mono unless both are stereo.
StyleView common_view(const AudioBuffer& a, const AudioBuffer& b) {
  const double low = std::min(a.sample_rate().hz, b.sample_rate().hz);
  // Resampling leaves nothing above 0.91 of the lower Nyquist frequency.
  const double bandwidth = a.sample_rate() == b.sample_rate() ? 0.0 : 0.45 * low;
  return {SampleRate{low}, bandwidth, std::min(a.channels(), b.channels())};
}

AudioBuffer seen(const AudioBuffer& audio, const StyleView& view) {
  AudioBuffer result = audio.channels() > view.channels ? to_mono(audio) : audio;
  return result.sample_rate() == view.sample_rate ? result : resample(result, view.sample_rate);
}

int run(const Arguments& arguments, Context& context) {
  const double seconds = arguments.number("seconds");
  const Recording a = read(arguments.text("recording"), seconds);
  const Recording b = read(arguments.text("other"), seconds);
  for (const Recording* r : {&a, &b}) {
    if (r->audio.seconds() < 0.05) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot compare '{}': it is {:.1f} ms long, and at least 50 ms are needed", r->path,
                              1000.0 * r->audio.seconds()));
    }
    if (seconds_of(r->info) > seconds) {
      context.warn(fmt::format("'{}' is {} long; the {:.6g} s in its middle are compared (--seconds)", r->path,
                               duration_text(seconds_of(r->info)), seconds));
    }
    if (std::isinf(r->levels.peak_db)) context.warn(fmt::format("'{}' is silent there", r->path));
  }
  const StyleView view = common_view(a.audio, b.audio);
  const AudioBuffer seen_a = seen(a.audio, view), seen_b = seen(b.audio, view);
  Table distances({{"distance"}, {"value", true}, {"compares", false, true}});
  nlohmann::ordered_json distances_json;
  for (const StyleDistanceKind& kind : style_distances()) {
    const auto style = kind.make(view);
    const double value = style->distance(style->describe(seen_a), style->describe(seen_b));
    distances.add({std::string(kind.name), fmt::format("{:.3f}", value), std::string(kind.summary)});
    distances_json[std::string(kind.name)] = value;
  }
  if (context.json()) {
    nlohmann::ordered_json recordings = nlohmann::ordered_json::array(), difference;
    for (const Recording* r : {&a, &b}) {
      nlohmann::ordered_json row{{"path", r->path},
                                 {"format", r->info.format},
                                 {"sample_rate", r->info.sample_rate.hz},
                                 {"channels", r->info.channels},
                                 {"seconds", seconds_of(r->info)},
                                 {"compared_seconds", r->audio.seconds()}};
      for (const LevelRow& level : level_rows) row["levels"][level.key] = number_or_null(r->levels.*level.value);
      recordings.push_back(row);
    }
    for (const LevelRow& level : level_rows) {
      difference[level.key] = number_or_null(b.levels.*level.value - a.levels.*level.value);
    }
    context.emit({{"distances", distances_json},
                  {"level_difference", difference},
                  {"view", {{"sample_rate", view.sample_rate.hz}, {"channels", view.channels}}},
                  {"recordings", recordings}});
    return 0;
  }
  context.print(distances.text(context.width(), context.colored()));
  Table levels({{"level"},
                {std::filesystem::path(a.path).filename().string(), true, true},
                {std::filesystem::path(b.path).filename().string(), true, true},
                {"difference", true}});
  for (const LevelRow& level : level_rows) {
    const double first = a.levels.*level.value, second = b.levels.*level.value;
    levels.add(
        {std::string(level.name), decibel_text(first), decibel_text(second), decibel_text(second - first, true)});
  }
  context.print("\n" + levels.text(context.width(), context.colored()));
  context.print(
      context.dim(fmt::format("\ncompared at {:.6g} Hz, {}; 1 is about as far as two excerpts of one "
                              "recording with one effect are apart\n",
                              view.sample_rate.hz, view.channels == 1 ? "mono" : "stereo")));
  return 0;
}

}  // namespace

extern const Command distance_command{
    .name = "distance",
    .summary = "how differently two recordings sound",
    .description =
        "Compares the sound of two recordings and not their content: the words or the music may differ. Prints every "
        "style distance that matching can use, and the levels, which the distances ignore.\n\n"
        "Recordings of different sample rates are compared at the lower one, a mono and a stereo one in mono.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
