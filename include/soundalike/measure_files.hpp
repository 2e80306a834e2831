#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "soundalike/metric.hpp"
#include "soundalike/progress.hpp"

namespace soundalike {

/// Two audio files to compare.
struct FilePair {
  std::string name;  ///< for tables: what the two files have in common
  std::filesystem::path output, target;
};

struct MeasureFilesOptions {
  std::vector<const Metric*> metrics;  ///< which
  bool trim = false;                   ///< of two lengths, the frames after the shorter one are left out
  std::size_t threads = 1;             ///< more is faster and takes the memory of as many pairs; changes no number
  /// Called for each pair that could be read and compared, from several threads: for what else is to be done with it.
  std::function<void(std::size_t pair, const MetricAudio& output, const MetricAudio& target)> also;
};

struct MeasuredFiles {
  std::string failure;              ///< why the pair was not compared at all: unreadable, other shapes; else empty
  std::vector<MetricValue> values;  ///< by metric, in the order given; where there is a failure, all are that
};

/// By pair, in the order given.
///
///   const auto measured = measure_files(pairs, {.metrics = {&find_metric("mrstft")}, .threads = 4});
///
/// @throws Error cancelled when stopped; what `also` throws.
std::vector<MeasuredFiles> measure_files(std::span<const FilePair> pairs, const MeasureFilesOptions& options,
                                         const Progress& progress = {}, const std::stop_token& stop = {});

}  // namespace soundalike
