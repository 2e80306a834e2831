#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "soundalike/rng.hpp"
#include "soundalike/training_pair.hpp"

namespace soundalike {

/// Why draws gave nothing.
struct ExcerptMisses {
  std::size_t too_short = 0, silent = 0, unreadable = 0;
};

/// Draws excerpts of recordings: a group, a recording of it, a place; then what follows.
class ExcerptDraw {
 public:
  /// @throws Error invalid_argument for no recordings.
  ExcerptDraw(std::vector<Recording> recordings, std::shared_ptr<RecordingStore> store, Continuation continuation);

  std::size_t recordings() const { return recordings_; }
  SampleRate rate() const { return store_->options().sample_rate; }
  /// Exactly `frames` frames, or nothing, and the reason is counted.
  std::optional<AudioBuffer> draw(std::size_t frames, Rng& rng, ExcerptMisses& misses) const;

 private:
  using Place = std::pair<std::size_t, std::size_t>;  // group, recording of it

  std::optional<std::size_t> length(Place place) const;
  std::optional<Place> next(Place last, std::set<Place>& used, Rng& rng) const;

  std::vector<std::vector<std::filesystem::path>> groups_;
  std::shared_ptr<RecordingStore> store_;
  Continuation continuation_;
  std::size_t recordings_ = 0;
};

}  // namespace soundalike
