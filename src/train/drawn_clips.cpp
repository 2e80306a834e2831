#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/parallel.hpp"
#include "soundalike/error.hpp"
#include "soundalike/prefetch.hpp"
#include "soundalike/training_pair.hpp"
#include "train/clips.hpp"

namespace soundalike::training {
namespace {

ClipPair as_clip(const TrainingPair& pair) {
  ClipPair clip;
  clip.name = fmt::format("drawn pair {}", pair.index);
  clip.halves = {CompactAudio(pair.input), CompactAudio(pair.reference)};
  clip.warm_up = pair.warm_up;
  clip.clean = pair.clean;
  return clip;
}

}  // namespace

std::vector<ClipPair> draw_clips(std::vector<Recording> recordings, Split split, const DrawOptions& options,
                                 const Progress& progress, const std::stop_token& stop) {
  if (recordings.empty()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot train: there are no recordings of the {} split (splits follow from file names, or "
                            "from a folder's manifest)",
                            to_string(split)));
  }
  const DrawnPairs& wanted = options.pairs;
  PairOptions how;
  how.seed = options.seed;
  how.count = wanted.count;
  how.frames = std::min(options.maximum_frames, static_cast<std::size_t>(std::lround(wanted.seconds * wanted.rate.hz)));
  how.warm_up_seconds = wanted.warm_up_seconds;
  how.augment = AugmentOptions{.probability = wanted.stretched};
  how.clean_probability = wanted.clean;
  const auto store = std::make_shared<RecordingStore>(
      RecordingStoreOptions{.sample_rate = wanted.rate, .cache_folder = options.cache});
  const auto pairs = std::make_shared<const TrainingPairs>(std::move(recordings), store, how);
  Prefetcher<ClipPair> queue(mapped(pairs, as_clip), {.workers = threads_or_cores(options.threads), .stop = stop});
  std::vector<ClipPair> clips;
  try {
    while (auto clip = queue.next()) {
      clips.push_back(*std::move(clip));
      if (progress) progress({fmt::format("drawing {} pairs", to_string(split)), clips.size(), wanted.count, {}});
    }
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("cannot train: of the {} split {}", to_string(split), error.what()));
  }
  if (clips.size() < wanted.count) throw Error(ErrorCode::cancelled, "stopped while drawing pairs");
  return clips;
}

}  // namespace soundalike::training
