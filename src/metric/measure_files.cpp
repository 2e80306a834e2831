#include "soundalike/measure_files.hpp"

#include <algorithm>
#include <mutex>

#include "base/parallel.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

MeasuredFiles measure_pair(const FilePair& pair, std::size_t index, const MeasureFilesOptions& options) {
  const std::size_t count = options.metrics.size();
  AudioBuffer output, target;
  try {
    output = read_audio(pair.output);
    target = read_audio(pair.target);
    const std::size_t common = std::min(output.frames(), target.frames());
    if (options.trim && output.frames() != common) output = AudioBuffer(output.view().excerpt(0, common));
    if (options.trim && target.frames() != common) target = AudioBuffer(target.view().excerpt(0, common));
    check_comparable(output, target);
  } catch (const Error& error) {
    return {error.what(), {count, MetricValue::failed(error.what())}};
  }
  const MetricAudio measured_output(output), measured_target(target);
  MeasuredFiles result;
  for (const Metric* metric : options.metrics) {
    result.values.push_back(metric->measure(measured_output, measured_target));
  }
  if (options.also) options.also(index, measured_output, measured_target);
  return result;
}

}  // namespace

std::vector<MeasuredFiles> measure_files(std::span<const FilePair> pairs, const MeasureFilesOptions& options,
                                         const Progress& progress, const std::stop_token& stop) {
  std::vector<MeasuredFiles> results(pairs.size());
  std::mutex telling;
  std::size_t done = 0;
  parallel_for(pairs.size(), std::max<std::size_t>(1, options.threads), [&](std::size_t i) {
    if (stop.stop_requested()) return;
    results[i] = measure_pair(pairs[i], i, options);
    const std::lock_guard lock(telling);
    ++done;
    if (progress) progress({"measuring", done, pairs.size(), pairs[i].name});
  });
  if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "measuring was stopped");
  return results;
}

}  // namespace soundalike
