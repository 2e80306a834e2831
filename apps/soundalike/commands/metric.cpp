#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "context.hpp"
#include "measurement.hpp"
#include "numbers.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// What papers on audio effects report.
constexpr std::string_view usual[] = {"mrstft", "msd", "centroid-error", "rms-error", "crest-error", "lufs-error"};

constexpr Positional positionals[] = {
    {.name = "output", .kind = ValueKind::input_file, .help = "an audio file, or a folder of them"},
    {.name = "target", .kind = ValueKind::input_file, .help = "what it should sound like: a file, or a folder"},
};
constexpr Option options[] = {
    {.name = "metric",
     .letter = 'm',
     .kind = ValueKind::text,
     .value = "NAME",
     .repeatable = true,
     .excludes = "all",
     .help = "measure this one, as 'soundalike metric list' names it; default: mrstft, msd, centroid-error, rms-error, "
             "crest-error, lufs-error"},
    {.name = "all", .letter = 'a', .help = "measure every metric, those of embeddings included"},
    {.name = "trim", .help = "of two lengths, leave out what comes after the end of the shorter one"},
    {.name = "encoder",
     .kind = ValueKind::text,
     .value = "NAME",
     .fallback = "style-encoder",
     .help =
         "for embedding-distance and frechet-distance: a model that 'soundalike models' lists, or a .salmodel file"},
    {.name = "pesq-command",
     .kind = ValueKind::text,
     .value = "COMMAND",
     .help =
         "measure PESQ too, by a program that you have: a shell command in which {target} and {output} stand for WAV "
         "files of 16 kHz, and whose last number is the score"},
};
constexpr Example examples[] = {
    {"soundalike metric output.wav target.wav", "how near an output comes to what it should be"},
    {"soundalike metric output.wav target.wav --all", "by every metric; those that do not apply say why"},
    {"soundalike metric outputs targets -m mrstft -m frechet-distance", "the files of two folders, paired by name"},
    {"soundalike metric output.wav target.wav --pesq-command 'pesq +16000 +wb {target} {output}'",
     "PESQ by the program of the Recommendation, which may not be shipped with others"},
};

std::vector<Measure> chosen(const Arguments& arguments) {
  if (arguments.given("all")) return all_measures();
  std::vector<Measure> out;
  if (arguments.given("metric")) {
    for (const auto& name : arguments.all("metric")) out.push_back(find_measure(name));
  } else {
    for (const auto name : usual) out.push_back(find_measure(std::string(name)));
  }
  return out;
}

AudioView shape_of(const std::string& file) {
  const AudioFileInfo info = AudioFileReader(file).info();
  return {nullptr, info.channels, info.frames, info.frames, info.sample_rate};
}

/// One pair of files, or those of two folders.
std::vector<FilePair> pairs_of(const std::string& output, const std::string& target, bool trim, Context& context) {
  if (fs::is_directory(output) != fs::is_directory(target)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot compare '{}' with '{}': one is a folder and the other is not", output, target));
  }
  if (!fs::is_directory(output)) {
    AudioView a = shape_of(output), b = shape_of(target);
    if (trim) a = a.excerpt(0, b.frames()), b = b.excerpt(0, a.frames());
    try {
      check_comparable(a, b);
    } catch (const Error& error) {
      const bool length_only = a.channels() == b.channels() && a.sample_rate() == b.sample_rate();
      throw Error(ErrorCode::invalid_argument, error.what() + std::string(length_only ? " (--trim)" : ""));
    }
    return {{fs::path(output).stem().string(), output, target}};
  }
  const Pairing pairing = pair_folders(output, target);
  if (!pairing.alone.empty()) {
    context.warn(fmt::format("{} files have no partner of their name, the first '{}'", pairing.alone.size(),
                             pairing.alone.front().string()));
  }
  return pairing.pairs;
}

double mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

std::string number_text(double value) { return fmt::format("{:.4g}", value + 0.0); }

/// How many pairs each reason cost, and the first of them.
std::map<std::string, std::pair<std::size_t, std::string>> reasons_of(const Measured& measured,
                                                                      const std::vector<FilePair>& pairs) {
  std::map<std::string, std::pair<std::size_t, std::string>> out;
  for (std::size_t i = 0; i < measured.by_pair.size(); ++i) {
    if (measured.by_pair[i].value) continue;
    auto& [count, first] = out[measured.by_pair[i].failure];
    if (count++ == 0) first = pairs[i].name;
  }
  if (measured.of_all && !measured.of_all->value) out[measured.of_all->failure] = {1, "all pairs"};
  return out;
}

Json to_json(const std::vector<FilePair>& pairs, const std::vector<Measured>& all) {
  Json by_metric = Json::array(), by_pair = Json::array();
  for (const Measured& measured : all) {
    const auto values = measured.values();
    const std::size_t tried = measured.of_all ? 1 : measured.by_pair.size();
    Json row{{"name", measured.measure.name},
             {"unit", measured.measure.unit},
             {"better", to_string(measured.measure.better)},
             {"mean", values.empty() ? Json() : Json(mean(values))},
             {"median", values.empty() ? Json() : Json(median(values))},
             {"values", values.size()},
             {"failures", tried - values.size()}};
    if (measured.of_all && !measured.of_all->value) row["reason"] = measured.of_all->failure;
    by_metric.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    Json values = Json::object(), failures = Json::object();
    for (const Measured& measured : all) {
      if (measured.of_all) continue;
      const MetricValue& value = measured.by_pair[i];
      values[measured.measure.name] = value.value ? Json(*value.value) : Json();
      if (!value.value) failures[measured.measure.name] = value.failure;
    }
    by_pair.push_back({{"name", pairs[i].name},
                       {"output", pairs[i].output.string()},
                       {"target", pairs[i].target.string()},
                       {"values", std::move(values)},
                       {"failures", std::move(failures)}});
  }
  return {{"metrics", std::move(by_metric)}, {"pairs", std::move(by_pair)}};
}

std::string table_of_one(const std::vector<FilePair>& pairs, const std::vector<Measured>& all, const Context& context) {
  Table table({{"metric"}, {"value", true}, {"unit"}, {"better"}, {"no value because", false, true}});
  for (const Measured& measured : all) {
    const auto values = measured.values();
    const auto reasons = reasons_of(measured, pairs);
    table.add({measured.measure.name, values.empty() ? "-" : number_text(values.front()), measured.measure.unit,
               std::string(to_string(measured.measure.better)), reasons.empty() ? "" : reasons.begin()->first});
  }
  return table.text(context.width(), context.colored());
}

std::string table_of_many(const std::vector<FilePair>& pairs, const std::vector<Measured>& all,
                          const Context& context) {
  Table table(
      {{"metric"}, {"mean", true}, {"median", true}, {"unit"}, {"better"}, {"values", true}, {"failures", true}});
  std::string reasons;
  for (const Measured& measured : all) {
    const auto values = measured.values();
    const std::size_t tried = measured.of_all ? 1 : measured.by_pair.size();
    table.add({measured.measure.name, values.empty() ? "-" : number_text(mean(values)),
               values.empty() || measured.of_all ? "-" : number_text(median(values)), measured.measure.unit,
               std::string(to_string(measured.measure.better)), fmt::format("{}", values.size()),
               fmt::format("{}", tried - values.size())});
    for (const auto& [reason, cost] : reasons_of(measured, pairs)) {
      reasons += fmt::format("{}: {} without a value, the first '{}': {}\n", measured.measure.name, cost.first,
                             cost.second, reason);
    }
  }
  const std::string counted = fmt::format("{} pairs; means are over those that have a value\n", pairs.size());
  return table.text(context.width(), context.colored()) + "\n" + context.dim(counted) +
         (reasons.empty() ? "" : "\n" + reasons);
}

int run(const Arguments& arguments, Context& context) {
  const auto measures = chosen(arguments);
  const bool trim = arguments.given("trim");
  const auto pairs = pairs_of(arguments.text("output"), arguments.text("target"), trim, context);
  const auto all = measure(
      pairs, measures,
      {.trim = trim, .encoder = arguments.text("encoder"), .pesq_command = arguments.text("pesq-command")}, context);
  if (context.json()) {
    context.emit(to_json(pairs, all));
  } else {
    const bool folders = fs::is_directory(arguments.text("output"));
    context.print(folders ? table_of_many(pairs, all, context) : table_of_one(pairs, all, context));
  }
  return 0;
}

}  // namespace

extern const Command metric_command{
    .name = "metric",
    .summary = "how near an output comes to its target, by any metric",
    .description =
        "Compares a processed recording with what it should be: the same content, rate, channels and length. Prints a "
        "value for each metric with its unit and whether lower or higher is better, or why it has none: silence, clips "
        "that are too short, mono where stereo is needed. Two folders are compared file by file, paired by name "
        "without extension; failures are counted and told, never averaged in.\n\n"
        "Recordings with other content are compared by soundalike distance.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
