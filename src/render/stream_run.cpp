#include "render/stream_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <utility>

#include "render/futex.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"

namespace soundalike::farm {
namespace {

constexpr std::size_t chunk_frames = 65536;  // about what is read and written at once; 1.4 s at 48 kHz
constexpr std::size_t chunks = 4;            // per ring: both sides work on one while others wait

}  // namespace

StreamRun::StreamRun(Arena& arena, const RenderSetup& setup, std::string name, std::span<const float> settings)
    : arena_(arena),
      control_(*arena.at<Control>(0)),
      stream_(control_.stream),
      setup_(setup),
      name_(std::move(name)),
      chunk_((chunk_frames + setup.block_size - 1) / setup.block_size * setup.block_size) {
  const std::size_t capacity = chunks * chunk_;
  const std::size_t ring = setup.channels * capacity * sizeof(float);
  stream_.settings = arena_.allocate(2 * ring + settings.size_bytes());
  stream_.input = stream_.settings + settings.size_bytes();
  stream_.output = stream_.input + ring;
  stream_.capacity = capacity;
  std::copy(settings.begin(), settings.end(), arena_.at<float>(stream_.settings));
  stream_.pushed = 0;
  stream_.taken = 0;
  stream_.processed = 0;
  stream_.produced = 0;
  stream_.ended = 0;
  stream_.abort = 0;
  stream_.state = StreamState::running;
}

StreamRun::~StreamRun() {
  stream_.state = StreamState::idle;
  arena_.free(stream_.settings);
}

void StreamRun::work(const Read& read, const Write& write, const std::stop_token& stop) {
  std::uint32_t worker = 0;  // any that is there; one that is being replaced will come
  for (std::uint32_t i = control_.workers; i-- > 0;) {
    if (control_.worker[i].phase.load() == WorkerPhase::ready) worker = i;
  }
  stream_.request = worker + 1;
  control_.generation.fetch_add(1);
  futex_wake(control_.generation, INT_MAX);
  const std::stop_callback wake(stop, [this] { tell(); });
  while (true) {
    const std::uint32_t seen = stream_.activity.load();
    if (stop.stop_requested())
      throw Error(ErrorCode::cancelled, fmt::format("'{}' was stopped before it ended", name_));
    check();
    const bool finished = stream_.state.load() == StreamState::finished;
    const bool pushed = push(read);
    const bool pulled = pull(write);
    if (pushed || pulled) {
      tell();
    } else if (finished) {
      return;
    } else {
      futex_wait(stream_.activity, seen);
    }
  }
}

void StreamRun::check() const {
  {
    const std::lock_guard lock(mutex_);
    if (lost_) throw Error(lost_->code(), fmt::format("cannot render with '{}': {}", name_, lost_->what()));
  }
  if (stream_.state.load() != StreamState::failed) return;
  std::string why(stream_.message.data());
  const auto status = static_cast<RenderStatus>(stream_.status);
  const double second = static_cast<double>(stream_.processed.load()) / setup_.sample_rate.hz;
  if (status == RenderStatus::not_finite) why = fmt::format("its output holds NaN or infinity at {:.1f} s", second);
  if (status == RenderStatus::runaway) {
    why = fmt::format("its output reached {:+.1f} dBFS at {:.1f} s", to_db(stream_.peak), second);
  }
  throw Error(ErrorCode::plugin_failed, fmt::format("cannot render with '{}': {}", name_, why));
}

bool StreamRun::push(const Read& read) {
  if (stream_.ended.load()) return false;
  const std::uint64_t pushed = stream_.pushed.load();
  const std::size_t room = stream_.capacity - static_cast<std::size_t>(pushed - stream_.processed.load());
  if (pending_first_ == pending_.frames()) {
    if (room < chunk_) return false;
    pending_ = read(chunk_);
    pending_first_ = 0;
    if (pending_.frames() == 0) {
      stream_.ended = 1;
      return true;
    }
    if (pending_.channels() != setup_.channels || !(pending_.sample_rate() == setup_.sample_rate)) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot stream {} channels at {} Hz: the renderer was made for {} channels at {} Hz",
                              pending_.channels(), pending_.sample_rate().hz, setup_.channels, setup_.sample_rate.hz));
    }
  }
  const std::size_t at = pushed % stream_.capacity;
  const std::size_t count = std::min({room, stream_.capacity - at, pending_.frames() - pending_first_});
  if (count == 0) return false;
  for (std::size_t c = 0; c < setup_.channels; ++c) {
    const auto from = std::as_const(pending_).channel(c).subspan(pending_first_, count);
    std::copy(from.begin(), from.end(), arena_.at<float>(stream_.input) + c * stream_.capacity + at);
  }
  pending_first_ += count;
  stream_.pushed = pushed + count;
  return true;
}

bool StreamRun::pull(const Write& write) {
  const std::uint64_t taken = stream_.taken.load();
  const std::size_t at = taken % stream_.capacity;
  const std::size_t ready = static_cast<std::size_t>(stream_.produced.load() - taken);
  // Large pieces while it runs, whatever is left at the end.
  const bool running = stream_.state.load() == StreamState::running;
  const std::size_t count = std::min(ready, stream_.capacity - at);
  if (count == 0 || (running && count < chunk_ && ready < chunk_)) return false;
  write({arena_.at<const float>(stream_.output) + at, setup_.channels, count, stream_.capacity, setup_.sample_rate});
  stream_.taken = taken + count;
  return true;
}

void StreamRun::tell() {
  stream_.activity.fetch_add(1);
  futex_wake(stream_.activity, INT_MAX);
}

void StreamRun::abandon() {
  stream_.abort = 1;
  {
    const std::lock_guard lock(mutex_);
    if (lost_) stream_.request = 0;  // perhaps made when no worker was left to take it
  }
  while (true) {
    const std::uint32_t seen = stream_.activity.load();
    if (stream_.request.load() == 0) return;
    tell();
    futex_wait(stream_.activity, seen + 1);
  }
}

void StreamRun::bury(const Farm::Death& death) {
  if (stream_.request.load() != death.worker + 1) return;
  fail({ErrorCode::plugin_failed,
        death.timed_out ? "a block took longer than the deadline" : "the render worker died: " + death.cause});
}

void StreamRun::fail(const Error& problem) {
  {
    const std::lock_guard lock(mutex_);
    if (!lost_) lost_ = problem;
  }
  stream_.request = 0;
  tell();
}

}  // namespace soundalike::farm
