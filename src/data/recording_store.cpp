#include "soundalike/recording_store.hpp"

#include <algorithm>
#include <list>
#include <map>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "data/audio_cache.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;
using Audio = std::shared_ptr<const AudioBuffer>;  // shared: an evicted recording may still be being read

// What is known of one file.
struct Slot {
  std::mutex decoding;                // so that a file is decoded once, however many ask
  Audio audio;                        // guarded by State::mutex, as all below
  std::optional<std::size_t> frames;  // once known
  bool unreadable = false;
  fs::path cached;                  // where in the cache folder it lies; empty: it does not
  std::list<Slot*>::iterator used;  // valid while audio is set
};

}  // namespace

struct RecordingStore::State {
  RecordingStoreOptions options;
  std::optional<AudioCache> cache;
  mutable std::mutex mutex;
  std::map<fs::path, std::unique_ptr<Slot>> slots;
  std::list<Slot*> recent;  // with audio, the most recent first
  std::size_t bytes = 0, decoded = 0;
  std::vector<UnreadableFile> unreadable;

  static std::size_t size_of(const AudioBuffer& audio) { return audio.samples().size_bytes(); }

  // With the mutex held.
  Audio touch(Slot& slot) {
    if (slot.audio) recent.splice(recent.begin(), recent, slot.used);
    return slot.audio;
  }

  void keep(Slot& slot, Audio audio) {
    slot.audio = std::move(audio);
    recent.push_front(&slot);
    slot.used = recent.begin();
    bytes += size_of(*slot.audio);
    while (bytes > options.memory_bytes && recent.size() > 1) {
      Slot& oldest = *recent.back();
      bytes -= size_of(*oldest.audio);
      oldest.audio.reset();
      recent.pop_back();
    }
  }

  Slot& slot_of(const fs::path& file) {
    const std::scoped_lock lock(mutex);
    auto& slot = slots[file];
    if (!slot) slot = std::make_unique<Slot>();
    return *slot;
  }

  // The whole recording, decoded unless it is in memory; null when it cannot be read. With slot.decoding held.
  Audio load(const fs::path& file, Slot& slot) {
    AudioBuffer audio;
    try {
      audio = load_recording(file, {.sample_rate = options.sample_rate,
                                    .channels = options.channels,
                                    .maximum_seconds = options.maximum_seconds});
    } catch (const Error& error) {
      const std::scoped_lock lock(mutex);
      slot.unreadable = true;
      unreadable.push_back({file, error.what()});
      if (options.on_unreadable) options.on_unreadable(unreadable.back());
      return nullptr;
    }
    fs::path place;
    if (cache) {
      place = cache->place(file);
      cache->write(place, audio);
    }
    auto shared = std::make_shared<const AudioBuffer>(std::move(audio));
    const std::scoped_lock lock(mutex);
    ++decoded;
    if (slot.audio) return touch(slot);
    slot.frames = shared->frames();
    slot.cached = place;
    keep(slot, shared);
    return shared;
  }

  // Learns the length; the audio comes too where it is in memory or had to be decoded.
  Audio find(const fs::path& file, Slot& slot) {
    const std::scoped_lock once(slot.decoding);
    {
      const std::scoped_lock lock(mutex);
      if (slot.unreadable) return nullptr;
      if (Audio audio = touch(slot)) return audio;
      if (slot.frames && !slot.cached.empty()) return nullptr;
    }
    if (cache) {
      const fs::path place = cache->place(file);
      if (const auto frames = cache->frames(place)) {
        const std::scoped_lock lock(mutex);
        slot.frames = *frames;
        slot.cached = place;
        return nullptr;
      }
    }
    return load(file, slot);
  }
};

RecordingStore::RecordingStore(RecordingStoreOptions options) : state_(std::make_unique<State>()) {
  if (options.channels != 1 && options.channels != 2) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot keep recordings with {} channels; 1 and 2 work", options.channels));
  }
  if (!(options.sample_rate.hz >= 4000.0 && options.sample_rate.hz <= 384000.0)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot keep recordings at {} Hz; 4000 to 384000 Hz work", options.sample_rate.hz));
  }
  if (!options.cache_folder.empty()) {
    state_->cache.emplace(options.cache_folder, options.sample_rate, options.channels);
  }
  state_->options = std::move(options);
}

RecordingStore::~RecordingStore() = default;

const RecordingStoreOptions& RecordingStore::options() const { return state_->options; }

std::optional<std::size_t> RecordingStore::frames(const fs::path& file) {
  Slot& slot = state_->slot_of(file);
  {
    const std::scoped_lock lock(state_->mutex);
    if (slot.unreadable) return std::nullopt;
    if (slot.frames) return slot.frames;
  }
  state_->find(file, slot);
  const std::scoped_lock lock(state_->mutex);
  return slot.frames;
}

std::optional<AudioBuffer> RecordingStore::read(const fs::path& file, std::size_t first, std::size_t count) {
  Slot& slot = state_->slot_of(file);
  Audio audio = state_->find(file, slot);
  if (!audio) {
    fs::path place;
    std::size_t frames = 0;
    {
      const std::scoped_lock lock(state_->mutex);
      if (slot.unreadable) return std::nullopt;
      place = slot.cached;
      frames = *slot.frames;
    }
    first = std::min(first, frames);
    if (auto part = state_->cache->read(place, first, std::min(count, frames - first))) return part;
    const std::scoped_lock once(slot.decoding);
    audio = state_->load(file, slot);  // the cache was emptied or damaged meanwhile
    if (!audio) return std::nullopt;
  }
  return AudioBuffer(audio->view().excerpt(first, count));
}

std::vector<UnreadableFile> RecordingStore::unreadable() const {
  const std::scoped_lock lock(state_->mutex);
  auto files = state_->unreadable;
  std::ranges::sort(files, {}, &UnreadableFile::file);
  return files;
}

std::size_t RecordingStore::memory_used() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->bytes;
}

std::size_t RecordingStore::decoded() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->decoded;
}

}  // namespace soundalike
