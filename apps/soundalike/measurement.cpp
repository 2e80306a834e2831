#include "measurement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "context.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/error.hpp"
#include "soundalike/pesq_command.hpp"
#include "soundalike/predictor.hpp"
#include "threads.hpp"

namespace soundalike::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view of_settings = "parameter-mae";  // of no audio

Measure measure_of(const Metric& metric) {
  return {std::string(metric.name), std::string(metric.unit), metric.better, &metric, nullptr};
}

Measure measure_of(const VectorMetric& metric) {
  return {std::string(metric.name), "", metric.better, nullptr, &metric};
}

/// Its path below the folder, without extension.
std::string name_of(const fs::path& file, const fs::path& folder) {
  return file.lexically_relative(folder).replace_extension().string();
}

std::map<std::string, fs::path> by_name(const Corpus& folder) {
  std::map<std::string, fs::path> out;
  for (const auto& file : folder.files()) {
    const std::string name = name_of(file, folder.folder());
    const auto [at, added] = out.emplace(name, file);
    if (!added) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot pair '{}': '{}' is of the same name but for the extension", file.string(),
                              at->second.string()));
    }
  }
  return out;
}

/// Embeddings of both sides of each pair, or why there are none.
struct Embeddings {
  explicit Embeddings(std::size_t pairs) : outputs(pairs), targets(pairs), failures(pairs) {}

  void encode(std::size_t pair, const Encoder& encoder, const MetricAudio& output, const MetricAudio& target) {
    try {
      outputs[pair] = encoder.encode(output.audio());
      targets[pair] = encoder.encode(target.audio());
    } catch (const Error& error) {
      failures[pair] = error.what();
    }
  }

  std::vector<std::vector<float>> outputs, targets;
  std::vector<std::string> failures;
};

MetricValue of_pair(const VectorMetric& metric, const Embeddings& embeddings, std::size_t pair) {
  if (!embeddings.failures[pair].empty()) return MetricValue::failed(embeddings.failures[pair]);
  return metric.measure(std::span(&embeddings.outputs[pair], 1), std::span(&embeddings.targets[pair], 1));
}

/// Of the pairs that have embeddings.
MetricValue of_all(const VectorMetric& metric, const Embeddings& embeddings) {
  std::vector<std::vector<float>> outputs, targets;
  for (std::size_t i = 0; i < embeddings.failures.size(); ++i) {
    if (!embeddings.failures[i].empty()) continue;
    outputs.push_back(embeddings.outputs[i]);
    targets.push_back(embeddings.targets[i]);
  }
  return metric.measure(outputs, targets);
}

}  // namespace

Measure find_measure(const std::string& name) {
  for (const VectorMetric* metric : vector_metrics()) {
    if (metric->name == name && name != of_settings) return measure_of(*metric);
  }
  return measure_of(find_metric(name));
}

std::vector<Measure> all_measures() {
  std::vector<Measure> out;
  for (const Metric* metric : metrics()) out.push_back(measure_of(*metric));
  for (const VectorMetric* metric : vector_metrics()) {
    if (metric->name != of_settings) out.push_back(measure_of(*metric));
  }
  return out;
}

Pairing pair_folders(const fs::path& outputs, const fs::path& targets) {
  const Corpus all_outputs(outputs), all_targets(targets);
  const auto of_outputs = by_name(all_outputs), of_targets = by_name(all_targets);
  Pairing result;
  for (const auto& file : all_outputs.files()) {  // in its order
    const std::string name = name_of(file, outputs);
    const auto target = of_targets.find(name);
    if (target == of_targets.end()) {
      result.alone.push_back(file);
    } else {
      result.pairs.push_back({name, file, target->second});
    }
  }
  for (const auto& [name, file] : of_targets) {
    if (!of_outputs.contains(name)) result.alone.push_back(file);
  }
  if (result.pairs.empty()) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("no file below '{}' has the name of one below '{}': {} and {} files, the first '{}' and '{}'",
                    outputs.string(), targets.string(), of_outputs.size(), of_targets.size(), of_outputs.begin()->first,
                    of_targets.begin()->first));
  }
  return result;
}

std::vector<double> Measured::values() const {
  std::vector<double> out;
  for (const MetricValue& value : by_pair) {
    if (value.value) out.push_back(*value.value);
  }
  if (of_all && of_all->value) out.push_back(*of_all->value);
  return out;
}

std::vector<Measured> measure(const std::vector<FilePair>& pairs, std::vector<Measure> measures,
                              const MeasureOptions& options, Context& context) {
  MeasureFilesOptions files{.trim = options.trim};
  files.threads = threads_of(context);
  for (const Measure& measure : measures) {
    if (measure.metric != nullptr) files.metrics.push_back(measure.metric);
  }
  std::optional<Encoder> encoder;
  std::optional<PesqCommand> pesq;
  Embeddings embeddings(pairs.size());
  std::vector<MetricValue> pesq_values(pairs.size());
  if (std::ranges::any_of(measures, &Measure::vector)) encoder.emplace(open_encoder(options.encoder));
  if (!options.pesq_command.empty()) {
    pesq.emplace(options.pesq_command);
    measures.push_back({std::string(PesqCommand::name), std::string(PesqCommand::unit), PesqCommand::better});
  }
  files.also = [&](std::size_t pair, const MetricAudio& output, const MetricAudio& target) {
    if (encoder) embeddings.encode(pair, *encoder, output, target);
    if (pesq) pesq_values[pair] = pesq->measure(output, target);
  };
  const auto found = measure_files(pairs, files, pairs.size() > 1 ? context.progress() : Progress{}, context.stop());
  context.clear_progress();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!found[i].failure.empty()) embeddings.failures[i] = found[i].failure;
  }
  std::vector<Measured> result;
  std::size_t column = 0;
  for (const Measure& measure : measures) {
    Measured& measured = result.emplace_back(Measured{measure, {}, {}});
    if (measure.vector != nullptr && !measure.vector->paired) {
      measured.of_all = of_all(*measure.vector, embeddings);
      continue;
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      measured.by_pair.push_back(!found[i].failure.empty()   ? MetricValue::failed(found[i].failure)
                                 : measure.metric != nullptr ? found[i].values[column]
                                 : measure.vector != nullptr ? of_pair(*measure.vector, embeddings, i)
                                                             : pesq_values[i]);
    }
    column += measure.metric != nullptr ? 1 : 0;
  }
  return result;
}

}  // namespace soundalike::cli
