#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "soundalike/measure_files.hpp"
#include "soundalike/vector_metric.hpp"

namespace soundalike::cli {

class Context;

/// What `soundalike metric` measures with: a Metric, one of embeddings, or a PESQ command where both are null.
struct Measure {
  std::string name, unit;
  Direction better = Direction::lower;
  const Metric* metric = nullptr;
  const VectorMetric* vector = nullptr;  ///< paired: a value per pair; else one for all
};

/// The one called so. @throws Error invalid_argument naming the near ones.
Measure find_measure(const std::string& name);
/// All that need nothing from the user.
std::vector<Measure> all_measures();

/// Files of one name, without extension, below two folders; and those that have no partner.
struct Pairing {
  std::vector<FilePair> pairs;
  std::vector<std::filesystem::path> alone;
};
/// @throws Error invalid_argument when nothing pairs or two files of a folder have one name; as Corpus.
Pairing pair_folders(const std::filesystem::path& outputs, const std::filesystem::path& targets);

/// All values of one measure.
struct Measured {
  Measure measure;
  std::vector<MetricValue> by_pair;  ///< empty where there is one for all
  std::optional<MetricValue> of_all;
  std::vector<double> values() const;  ///< those there are
};

struct MeasureOptions {
  bool trim = false;
  std::string encoder;  ///< for measures of embeddings: a file or the name of a model that `soundalike models` lists
  std::string pesq_command;  ///< not empty: measures with it too
};
std::vector<Measured> measure(const std::vector<FilePair>& pairs, std::vector<Measure> measures,
                              const MeasureOptions& options, Context& context);

}  // namespace soundalike::cli
