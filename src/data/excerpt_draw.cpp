#include "data/excerpt_draw.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string>

#include "soundalike/error.hpp"
#include "soundalike/level.hpp"

namespace soundalike {
namespace {

constexpr double join_seconds = 0.005;  // of fade on each side of a join: no click
constexpr float most_gain = 10.0f;      // to bring a continuation to the level of what it continues

void copy_in(AudioBuffer& to, std::size_t at, AudioView from, float gain) {
  for (std::size_t c = 0; c < to.channels(); ++c) {
    std::ranges::transform(from.channel(c), to.channel(c).begin() + static_cast<std::ptrdiff_t>(at),
                           [&](float x) { return gain * x; });
  }
}

// Down to nothing and up again around frame `at`.
void dip(AudioBuffer& audio, std::size_t at) {
  const auto length = static_cast<std::size_t>(std::ceil(join_seconds * audio.sample_rate().hz));
  for (std::size_t i = 0; i < length; ++i) {
    const double phase = (static_cast<double>(i) + 0.5) / static_cast<double>(length);
    const auto gain = static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * phase));
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      if (at + i < audio.frames()) audio.channel(c)[at + i] *= gain;
      if (at > i) audio.channel(c)[at - 1 - i] *= gain;
    }
  }
}

}  // namespace

ExcerptDraw::ExcerptDraw(std::vector<Recording> recordings, std::shared_ptr<RecordingStore> store,
                         Continuation continuation)
    : store_(std::move(store)), continuation_(continuation), recordings_(recordings.size()) {
  if (recordings.empty()) throw Error(ErrorCode::invalid_argument, "cannot draw excerpts: there are no recordings");
  std::map<std::string, std::vector<std::filesystem::path>> groups;  // by name: their order must not depend on others
  for (Recording& recording : recordings) groups[recording.group].push_back(std::move(recording.file));
  for (auto& [name, files] : groups) groups_.push_back(std::move(files));
}

std::optional<std::size_t> ExcerptDraw::length(Place place) const {
  return store_->frames(groups_[place.first][place.second]);
}

std::optional<ExcerptDraw::Place> ExcerptDraw::next(Place last, std::set<Place>& used, Rng& rng) const {
  if (continuation_ == Continuation::none) return std::nullopt;
  const Place following{last.first, (last.second + 1) % groups_[last.first].size()};
  if (used.insert(following).second) return following;
  if (continuation_ == Continuation::group) return std::nullopt;
  for (int miss = 0; miss < 100; ++miss) {  // many in a row: nearly all are used
    const std::size_t group = rng.below(groups_.size());
    const Place place{group, rng.below(groups_[group].size())};
    if (used.insert(place).second) return place;
  }
  return std::nullopt;
}

std::optional<AudioBuffer> ExcerptDraw::draw(std::size_t frames, Rng& rng, ExcerptMisses& misses) const {
  const std::size_t group = rng.below(groups_.size());
  const Place place{group, rng.below(groups_[group].size())};
  const double where = rng.uniform();
  const auto first_length = length(place);
  if (!first_length) {
    ++misses.unreadable;
    return std::nullopt;
  }
  if (*first_length == 0) {
    ++misses.too_short;
    return std::nullopt;
  }

  // Which parts of which recordings, first; lengths are cheap and audio is not.
  struct Part {
    Place place;
    std::size_t first, count;
  };
  const std::size_t places = *first_length >= frames ? *first_length - frames + 1 : *first_length;
  const std::size_t start = std::min(static_cast<std::size_t>(where * static_cast<double>(places)), places - 1);
  std::vector<Part> parts{{place, start, std::min(frames, *first_length - start)}};
  std::size_t have = parts[0].count;
  std::set<Place> used{place};
  for (Place last = place; have < frames;) {
    const auto following = next(last, used, rng);
    if (!following) break;
    last = *following;
    const auto long_enough = length(last);
    if (!long_enough || *long_enough == 0) continue;
    parts.push_back({last, 0, std::min(frames - have, *long_enough)});
    have += parts.back().count;
  }
  const std::size_t missing = frames - have;
  if (missing > parts[0].first) {
    ++misses.too_short;
    return std::nullopt;
  }
  parts[0].first -= missing;
  parts[0].count += missing;

  AudioBuffer out(store_->options().channels, frames, rate());
  double level = 0.0;  // of the first part that is not silent
  std::size_t at = 0;
  for (const Part& part : parts) {
    const auto audio = store_->read(groups_[part.place.first][part.place.second], part.first, part.count);
    if (!audio || audio->frames() != part.count) {
      ++misses.unreadable;
      return std::nullopt;
    }
    const double own = rms(*audio);
    const bool other = part.place.first != place.first && level > 0.0 && own > 0.0;
    const float gain = other ? std::clamp(static_cast<float>(level / own), 1.0f / most_gain, most_gain) : 1.0f;
    if (level == 0.0) level = own;
    copy_in(out, at, *audio, gain);
    if (at > 0) dip(out, at);
    at += part.count;
  }
  return out;
}

}  // namespace soundalike
