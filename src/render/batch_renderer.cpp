#include "soundalike/batch_renderer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "effect/worker_program.hpp"
#include "render/arena.hpp"
#include "render/batch_run.hpp"
#include "render/control.hpp"
#include "render/farm.hpp"
#include "render/helpers.hpp"
#include "render/stream_run.hpp"
#include "render/wire.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"

namespace soundalike {
namespace {

constexpr double deadline_per_clip_second = 2.0;
constexpr double least_open_seconds = 10.0;
// Outputs of all workers together; beyond it each worker gets fewer slots, at least one.
constexpr std::size_t most_output_bytes = std::size_t{256} << 20;

constexpr std::array status_names{"ok",      "silent",    "not_finite", "runaway",
                                  "crashed", "timed_out", "failed",     "cancelled"};

std::vector<Parameter> chain_parameters(const std::vector<EffectListing>& chain, const RenderSetup& setup) {
  std::vector<Parameter> all;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    for (const Parameter& listed : chain[i].parameters) {
      Parameter parameter = listed.at_rate(setup.sample_rate.hz);
      if (i > 0) parameter.id = fmt::format("{}.{}", i + 1, parameter.id);
      all.push_back(std::move(parameter));
    }
  }
  return all;
}

void check_setup(const std::vector<EffectListing>& chain, const RenderSetup& setup, const RendererOptions& options) {
  const auto refuse = [](const std::string& what) {
    throw Error(ErrorCode::invalid_argument, "cannot make a renderer: " + what);
  };
  if (chain.empty()) refuse("the chain holds no effect");
  if (setup.channels != 1 && setup.channels != 2) refuse(fmt::format("{} channels; 1 or 2 work", setup.channels));
  if (setup.block_size == 0) refuse("blocks of 0 frames");
  if (!(setup.sample_rate.hz > 0.0)) refuse(fmt::format("a sample rate of {} Hz", setup.sample_rate.hz));
  if (!(options.deadline_seconds > 0.0)) refuse(fmt::format("a deadline of {} s", options.deadline_seconds));
  if (options.workers > farm::max_workers)
    refuse(fmt::format("{} workers; at most {} work", options.workers, farm::max_workers));
}

std::uint64_t to_ns(double seconds) { return static_cast<std::uint64_t>(std::min(seconds, 1e9) * 1e9); }

/// Memory in the arena that is kept from batch to batch and replaced when too small.
class Region {
 public:
  explicit Region(farm::Arena& arena) : arena_(&arena) {}
  std::uint64_t at_least(std::size_t bytes) {
    if (bytes > bytes_) {
      arena_->free(offset_);
      bytes_ = 0;
      offset_ = 0;
      offset_ = arena_->allocate(bytes);
      bytes_ = bytes;
    }
    return offset_;
  }

 private:
  farm::Arena* arena_;
  std::uint64_t offset_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

std::string_view to_string(RenderStatus status) { return status_names.at(static_cast<std::size_t>(status)); }

struct BatchRenderer::State {
  struct Clip {
    std::uint64_t offset;
    std::size_t frames;
    float peak;
  };

  State(std::vector<EffectListing> chain, const RenderSetup& setup, const RendererOptions& options);

  const Clip& clip(ClipId id) const;
  void check_settings(std::span<const float> settings) const;
  void describe_batch(std::span<const Job> jobs);
  void render(std::span<const Job> jobs, const Consume& consume, const std::stop_token& stop);
  void stream(const farm::StreamRun::Read& read, const farm::StreamRun::Write& write, std::span<const float> settings,
              const std::stop_token& stop);
  void worker_died(const farm::Farm::Death& death);
  void workers_exhausted(const Error& problem);

  std::vector<Parameter> parameters_;
  RenderSetup setup_;
  RendererOptions options_;
  std::string name_;
  std::size_t workers_;
  std::shared_ptr<StrikeList> strikes_;
  farm::Arena arena_{sizeof(farm::Control)};
  farm::Control& control_ = *arena_.at<farm::Control>(0);
  Region jobs_{arena_};
  Region settings_{arena_};
  Region outputs_{arena_};
  std::map<ClipId, Clip> clips_;
  ClipId next_clip_ = 0;
  bool in_use_ = false;

  std::mutex mutex_;  ///< for the two below, which the farm's thread looks at
  farm::BatchRun* batch_ = nullptr;
  farm::StreamRun* stream_ = nullptr;

  farm::Helpers helpers_;
  std::optional<farm::Farm> farm_;  ///< last: its thread uses the rest
};

BatchRenderer::State::State(std::vector<EffectListing> chain, const RenderSetup& setup, const RendererOptions& options)
    : parameters_((check_setup(chain, setup, options), chain_parameters(chain, setup))),
      setup_(setup),
      options_(options),
      workers_(options.workers > 0
                   ? options.workers
                   : std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, farm::max_workers)),
      strikes_(options.strikes ? options.strikes : std::make_shared<StrikeList>()),
      helpers_(workers_ - 1) {
  for (const EffectListing& listing : chain) name_ += (name_.empty() ? "" : " > ") + listing.info.name;
  const auto program = find_worker_program(options.worker_program);
  const bool leaves_traces = std::ranges::any_of(chain, needs_isolation);
  const std::vector<std::byte> description = farm::encode({std::move(chain), setup});
  control_.workers = static_cast<std::uint32_t>(workers_);
  control_.channels = static_cast<std::uint32_t>(setup.channels);
  control_.block_size = static_cast<std::uint32_t>(setup.block_size);
  control_.parameters = static_cast<std::uint32_t>(parameters_.size());
  control_.peak_limit = options.peak_limit;
  control_.sandbox = options.sandbox ? 1 : 0;
  control_.memory_bytes = options.memory_bytes;
  control_.isolate = options.isolate.value_or(leaves_traces) ? 1 : 0;
  control_.chain = arena_.allocate(description.size());
  control_.chain_bytes = description.size();
  std::copy(description.begin(), description.end(), arena_.at<std::byte>(control_.chain));
  control_.ticket = farm::no_ticket;
  for (std::size_t i = 0; i < workers_; ++i) control_.worker[i].again = farm::no_ticket;

  farm_.emplace(
      control_, [this] { return arena_.at<const farm::SharedJob>(control_.batch.jobs); },
      farm::Farm::Plan{program, arena_.descriptor(), workers_, std::max(options.deadline_seconds, least_open_seconds),
                       options.deadline_seconds},
      farm::Farm::Events{[this](const farm::Farm::Death& death) { worker_died(death); },
                         [this](const Error& problem) { workers_exhausted(problem); }});
  try {
    farm_->wait_until_open();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::plugin_failed) throw;
    throw Error(ErrorCode::plugin_failed, fmt::format("cannot open '{}': {}", name_, error.what()));
  }
}

void BatchRenderer::State::worker_died(const farm::Farm::Death& death) {
  const std::lock_guard lock(mutex_);
  if (batch_) batch_->bury(death);
  if (stream_) stream_->bury(death);
}

void BatchRenderer::State::workers_exhausted(const Error& problem) {
  const std::lock_guard lock(mutex_);
  if (batch_ && problem.code() == ErrorCode::io) batch_->fail(std::make_exception_ptr(problem));
  if (batch_) batch_->close({RenderStatus::failed, 0.0f, 0.0f, 0.0f, problem.what()});
  if (stream_) stream_->fail(problem);
}

const BatchRenderer::State::Clip& BatchRenderer::State::clip(ClipId id) const {
  const auto found = clips_.find(id);
  if (found == clips_.end()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot render clip {}: there is no such clip (was it removed?)", id));
  }
  return found->second;
}

void BatchRenderer::State::check_settings(std::span<const float> settings) const {
  if (settings.size() != parameters_.size()) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot set '{}': it has {} parameters, got {} settings",
                                                         name_, parameters_.size(), settings.size()));
  }
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (settings[i] >= 0.0f && settings[i] <= 1.0f) continue;
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot set '{}' of '{}' to {}: settings lie in [0, 1]",
                                                         parameters_[i].id, name_, settings[i]));
  }
}

void BatchRenderer::State::describe_batch(std::span<const Job> jobs) {
  const std::size_t count = jobs.size();
  std::size_t most_frames = 0;
  for (const Job& job : jobs) most_frames = std::max(most_frames, clip(job.clip).frames);
  const std::size_t bytes = most_frames * setup_.channels * sizeof(float);
  const std::size_t stride =
      std::max<std::size_t>(1, (bytes + farm::Arena::alignment - 1) / farm::Arena::alignment) * farm::Arena::alignment;
  const std::size_t slots = std::clamp<std::size_t>(most_output_bytes / (stride * workers_), 1, farm::max_slots);
  farm::Batch& batch = control_.batch;
  batch.jobs = jobs_.at_least(count * sizeof(farm::SharedJob));
  batch.settings = settings_.at_least(count * parameters_.size() * sizeof(float));
  batch.outputs = outputs_.at_least(workers_ * slots * stride);
  batch.stride = stride;
  batch.slots = static_cast<std::uint32_t>(slots);
  batch.count = static_cast<std::uint32_t>(count);
  auto* shared = arena_.at<farm::SharedJob>(batch.jobs);
  auto* settings = arena_.at<float>(batch.settings);
  for (const Job& job : jobs) {
    const Clip& clip = clips_.at(job.clip);
    const double seconds = static_cast<double>(clip.frames) / setup_.sample_rate.hz;
    shared->owner = 0;
    shared->clip = clip.offset;
    shared->frames = clip.frames;
    shared->limit_ns = to_ns(options_.deadline_seconds + deadline_per_clip_second * seconds);
    shared->clip_peak = clip.peak;
    ++shared;
    settings = std::copy(job.settings.begin(), job.settings.end(), settings);
  }
}

void BatchRenderer::State::render(std::span<const Job> jobs, const Consume& consume, const std::stop_token& stop) {
  if (jobs.empty()) return;
  if (jobs.size() >= farm::closed_index) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot render {} jobs in one batch", jobs.size()));
  }
  std::vector<std::size_t> frames;
  frames.reserve(jobs.size());
  for (const Job& job : jobs) {
    frames.push_back(clip(job.clip).frames);
    check_settings(job.settings);
  }
  const auto consume_all = [&](const RenderOutcome& outcome) {
    for (std::size_t job = 0; job < jobs.size(); ++job) consume(job, outcome, {});
  };
  const RenderOutcome cancelled{RenderStatus::cancelled, 0.0f, 0.0f, 0.0f, "stopped before it began"};
  // Once the batch is open a worker may be faster than the callback below.
  if (stop.stop_requested()) return consume_all(cancelled);
  const std::string struck = strikes_->reason(name_);
  if (!struck.empty()) return consume_all({RenderStatus::failed, 0.0f, 0.0f, 0.0f, struck});
  describe_batch(jobs);
  farm::BatchRun batch(arena_, setup_, std::move(frames), consume, *strikes_, name_);
  {
    const std::lock_guard lock(mutex_);
    batch_ = &batch;
  }
  batch.open();
  farm_->begin_work();
  helpers_.begin([&] { batch.work([this] { helpers_.call(); }); });
  {
    const std::stop_callback cancel(stop, [&] { batch.close(cancelled); });
    batch.work([this] { helpers_.call(); });
  }
  helpers_.end();
  farm_->end_work();
  batch.finish();
  {
    const std::lock_guard lock(mutex_);
    batch_ = nullptr;
  }
  if (batch.error()) std::rethrow_exception(batch.error());
}

void BatchRenderer::State::stream(const farm::StreamRun::Read& read, const farm::StreamRun::Write& write,
                                  std::span<const float> settings, const std::stop_token& stop) {
  check_settings(settings);
  const std::string struck = strikes_->reason(name_);
  if (!struck.empty()) throw Error(ErrorCode::plugin_failed, struck);
  farm::StreamRun run(arena_, setup_, name_, settings);
  {
    const std::lock_guard lock(mutex_);
    stream_ = &run;
  }
  farm_->begin_work();
  const auto rest = [this] {
    farm_->end_work();
    const std::lock_guard lock(mutex_);
    stream_ = nullptr;
  };
  try {
    run.work(read, write, stop);
  } catch (...) {
    run.abandon();
    rest();
    throw;
  }
  rest();
}

namespace {

/// Marks the renderer as in use for as long as it lives: `consume` must not come back into it.
class Use {
 public:
  explicit Use(bool& flag) : flag_(flag) {
    if (flag) throw Error(ErrorCode::invalid_argument, "cannot use a renderer from its own callbacks");
    flag = true;
  }
  ~Use() { flag_ = false; }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

 private:
  bool& flag_;
};

}  // namespace

BatchRenderer::BatchRenderer(std::vector<EffectListing> chain, const RenderSetup& setup, const RendererOptions& options)
    : state_(std::make_unique<State>(std::move(chain), setup, options)) {}
BatchRenderer::~BatchRenderer() = default;
BatchRenderer::BatchRenderer(BatchRenderer&&) noexcept = default;
BatchRenderer& BatchRenderer::operator=(BatchRenderer&&) noexcept = default;

std::span<const Parameter> BatchRenderer::parameters() const { return state_->parameters_; }
const RenderSetup& BatchRenderer::setup() const { return state_->setup_; }
std::size_t BatchRenderer::workers() const { return state_->workers_; }

std::string BatchRenderer::sandbox() const {
  farm::WorkerBlock& block = state_->control_.worker[0];
  return {block.sandbox.data(), ::strnlen(block.sandbox.data(), block.sandbox.size())};
}

BatchRenderer::ClipId BatchRenderer::add_clip(AudioView clip) {
  State& state = *state_;
  if (clip.channels() != state.setup_.channels || !(clip.sample_rate() == state.setup_.sample_rate)) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot add a clip of {} channels at {} Hz: the renderer was made for {} channels at {} Hz",
                    clip.channels(), clip.sample_rate().hz, state.setup_.channels, state.setup_.sample_rate.hz));
  }
  const Use use(state.in_use_);
  float peak = 0.0f;
  for (std::size_t c = 0; c < clip.channels(); ++c) peak = std::max(peak, peak_of(clip.channel(c)));
  if (std::isinf(peak)) throw Error(ErrorCode::invalid_argument, "cannot add a clip that holds NaN or infinity");
  const std::uint64_t offset = state.arena_.allocate(clip.channels() * clip.frames() * sizeof(float));
  auto* to = state.arena_.at<float>(offset);
  for (std::size_t c = 0; c < clip.channels(); ++c) {
    const auto from = clip.channel(c);
    to = std::copy(from.begin(), from.end(), to);
  }
  state.clips_.emplace(state.next_clip_, State::Clip{offset, clip.frames(), peak});
  return state.next_clip_++;
}

void BatchRenderer::remove_clip(ClipId clip) {
  const Use use(state_->in_use_);
  state_->arena_.free(state_->clip(clip).offset);
  state_->clips_.erase(clip);
}

void BatchRenderer::render(std::span<const Job> jobs, const Consume& consume, const std::stop_token& stop) {
  const Use use(state_->in_use_);
  state_->render(jobs, consume, stop);
}

std::vector<RenderResult> BatchRenderer::render(std::span<const Job> jobs, const std::stop_token& stop) {
  std::vector<RenderResult> results(jobs.size());
  const Consume copy = [&results](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
    results[job] = {outcome, outcome.usable() ? AudioBuffer(audio) : AudioBuffer()};
  };
  render(jobs, copy, stop);
  return results;
}

void BatchRenderer::stream(const std::function<AudioBuffer(std::size_t frames)>& read,
                           const std::function<void(AudioView)>& write, std::span<const float> settings,
                           const std::stop_token& stop) {
  const Use use(state_->in_use_);
  state_->stream(read, write, settings, stop);
}

}  // namespace soundalike
