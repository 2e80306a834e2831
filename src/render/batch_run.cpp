#include "render/batch_run.hpp"

#include <fmt/format.h>

#include <climits>
#include <cmath>
#include <utility>

#include "render/futex.hpp"
#include "soundalike/decibels.hpp"

namespace soundalike::farm {
namespace {

std::string explain(RenderStatus status, const Slot& slot, float peak_limit) {
  switch (status) {
    case RenderStatus::silent:
      return "the output is silent, below -120 dBFS, although the input is not";
    case RenderStatus::not_finite:
      return "the output holds NaN or infinity";
    case RenderStatus::runaway:
      return fmt::format("the output reached {:+.1f} dBFS; the limit is {:+.1f} dBFS", to_db(slot.peak),
                         to_db(peak_limit));
    case RenderStatus::failed:
      return std::string(slot.message.data());
    default:
      return {};
  }
}

}  // namespace

BatchRun::BatchRun(Arena& arena, RenderSetup setup, std::vector<std::size_t> frames,
                   const BatchRenderer::Consume& consume, StrikeList& strikes, std::string name)
    : arena_(arena),
      control_(*arena.at<Control>(0)),
      setup_(setup),
      frames_(std::move(frames)),
      consume_(consume),
      strikes_(strikes),
      name_(std::move(name)),
      delivered_(std::make_unique<std::atomic<bool>[]>(frames_.size())),
      remaining_(frames_.size()) {}

void BatchRun::open() {
  control_.ticket = make_ticket(generation_of(control_.ticket) + 1, 0);
  control_.generation.fetch_add(1);
  futex_wake(control_.generation, static_cast<int>(std::min<std::size_t>(frames_.size(), INT_MAX)));
}

void BatchRun::work(const std::function<void()>& busy) {
  while (true) {
    const std::uint32_t seen = control_.done.load();
    Loss loss;
    std::size_t job = 0;
    std::size_t position = 0;
    if (take_loss(loss)) {
      deliver(loss.job, loss.outcome, {});
      finish_one();
    } else if (take_unclaimed(job)) {
      deliver(job, unclaimed_outcome_, {});
      finish_one();
    } else if (Slot* slot = take_slot(position)) {
      if (control_.readers.load() == 0) busy();
      read_slot(*slot, position);
    } else if (remaining_.load() == 0) {
      return;
    } else {
      control_.readers.fetch_add(1);
      futex_wait(control_.done, seen);
      control_.readers.fetch_sub(1);
    }
  }
}

bool BatchRun::take_loss(Loss& loss) {
  const std::lock_guard lock(mutex_);
  if (losses_.empty()) return false;
  loss = std::move(losses_.front());
  losses_.pop_front();
  return true;
}

bool BatchRun::take_unclaimed(std::size_t& job) {
  while (unclaimed_next_.load() < unclaimed_end_.load()) {
    job = unclaimed_next_.fetch_add(1);
    if (job < unclaimed_end_.load() && !delivered_[job].exchange(true)) return true;
  }
  return false;
}

Slot* BatchRun::take_slot(std::size_t& position) {
  const std::size_t slots = control_.batch.slots.load();
  const std::size_t count = control_.workers * slots;
  const std::size_t first = scan_.load();
  for (std::size_t i = 0; i < count; ++i) {
    position = (first + i) % count;
    Slot& slot = control_.worker[position / slots].slots[position % slots];
    SlotState expected = SlotState::filled;
    if (slot.state.load() == expected && slot.state.compare_exchange_strong(expected, SlotState::reading)) {
      scan_ = position + 1;
      return &slot;
    }
  }
  return nullptr;
}

void BatchRun::read_slot(Slot& slot, std::size_t position) {
  const std::size_t job = slot.job;
  const bool fresh = job < frames_.size() && !delivered_[job].exchange(true);
  if (fresh) {
    judge(StrikeList::End::fine);
    const auto status = static_cast<RenderStatus>(slot.status);
    slot.message.back() = '\0';
    const RenderOutcome outcome{status, slot.peak, static_cast<float>(slot.plugin_seconds),
                                static_cast<float>(slot.wall_seconds), explain(status, slot, control_.peak_limit)};
    AudioView audio;
    if (outcome.usable()) {
      const auto* samples = arena_.at<const float>(control_.batch.outputs + position * control_.batch.stride);
      audio = AudioView(samples, setup_.channels, frames_[job], frames_[job], setup_.sample_rate);
    }
    deliver(job, outcome, audio);
  }
  WorkerBlock& owner = control_.worker[position / control_.batch.slots.load()];
  slot.state.store(SlotState::free);
  owner.freed.fetch_add(1);
  if (owner.starved.load()) futex_wake(owner.freed, 1);
  if (fresh) finish_one();
}

void BatchRun::deliver(std::size_t job, const RenderOutcome& outcome, AudioView audio) {
  if (broken_) return;
  try {
    consume_(job, outcome, audio);
  } catch (...) {
    fail(std::current_exception());
  }
}

void BatchRun::fail(std::exception_ptr error) {
  {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
  }
  broken_ = true;
  close({});
}

void BatchRun::judge(StrikeList::End end) {
  if (strikes_.record(name_, end)) close({RenderStatus::failed, 0.0f, 0.0f, 0.0f, strikes_.reason(name_)});
}

void BatchRun::finish_one() {
  if (remaining_.fetch_sub(1) == 1) wake_readers();
}

void BatchRun::wake_readers() {
  control_.done.fetch_add(1);
  futex_wake(control_.done, INT_MAX);
}

void BatchRun::close(RenderOutcome outcome) {
  const std::lock_guard lock(mutex_);
  const Ticket ticket = control_.ticket.load();
  const Ticket last = control_.ticket.exchange(make_ticket(generation_of(ticket), closed_index));
  if (index_of(last) < frames_.size()) {
    unclaimed_outcome_ = std::move(outcome);
    unclaimed_next_ = index_of(last);
    unclaimed_end_ = frames_.size();
  }
  wake_readers();
}

void BatchRun::finish() {
  // A worker that saw the old ticket must not take it for one of the next batch, which may have more jobs.
  control_.ticket = make_ticket(generation_of(control_.ticket), closed_index);
}

std::optional<std::size_t> BatchRun::job_in_hand(std::size_t worker) {
  WorkerBlock& block = control_.worker[worker];
  const std::uint32_t generation = generation_of(control_.ticket);
  // Left for a second try that never began.
  const Ticket again = block.again.exchange(no_ticket);
  if (generation_of(again) == generation && index_of(again) < frames_.size()) return index_of(again);
  const std::uint32_t current = block.current.load();
  const Ticket intent = block.intent.load();
  if (current == stream_job || generation_of(intent) != generation) return {};
  const std::size_t job = current ? current - 1 : index_of(intent);
  if (job >= frames_.size()) return {};
  // The ticket may have been taken by another worker, or by nobody; or by this one, which then had no time to say so.
  SharedJob& shared = arena_.at<SharedJob>(control_.batch.jobs)[job];
  const auto name = static_cast<std::uint32_t>(worker + 1);
  std::uint32_t nobody = 0;
  if (control_.ticket.load() == intent) return {};
  const bool mine = shared.owner.load() == name || shared.owner.compare_exchange_strong(nobody, name);
  if (!mine) return {};
  for (const Slot& slot : block.slots) {
    if (slot.state.load() != SlotState::free && slot.job == job) return {};  // finished, and still to be read
  }
  return job;
}

void BatchRun::bury(const Farm::Death& death) {
  WorkerBlock& block = control_.worker[death.worker];
  const auto found = job_in_hand(death.worker);
  if (!found || delivered_[*found].load()) return;
  const std::size_t job = *found;
  const bool second = tried_again_.contains(job);
  if (death.doubtful && !second) {
    tried_again_.insert(job);
    block.again = make_ticket(generation_of(control_.ticket), static_cast<std::uint32_t>(job));
    return;
  }
  if (delivered_[job].exchange(true)) return;
  RenderOutcome outcome;
  outcome.wall_seconds = static_cast<float>(monotonic_ns() - block.started_ns.load()) * 1e-9f;
  if (death.timed_out) {
    outcome.status = RenderStatus::timed_out;
    outcome.message = fmt::format("the render was stopped after {:.3g} s", outcome.wall_seconds);
  } else {
    outcome.status = RenderStatus::crashed;
    outcome.message = fmt::format("the render worker died{}: {}", second ? " twice" : "", death.cause);
  }
  {
    const std::lock_guard lock(mutex_);
    losses_.push_back({job, std::move(outcome)});
  }
  wake_readers();
  judge(death.timed_out ? StrikeList::End::hang : StrikeList::End::crash);
}

}  // namespace soundalike::farm
