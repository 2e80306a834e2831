#include "render/worker_loop.hpp"

#include <alloca.h>
#include <fmt/format.h>
#include <pmmintrin.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xmmintrin.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cmath>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <vector>

#include "base/cpu_time.hpp"
#include "render/arena.hpp"
#include "render/control.hpp"
#include "render/futex.hpp"
#include "render/process_condition.hpp"
#include "render/sandbox.hpp"
#include "render/wire.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/effect_chain.hpp"
#include "soundalike/effect_pass.hpp"
#include "soundalike/error.hpp"

namespace soundalike::farm {
namespace {

constexpr int exit_no_child = 71;  // EX_OSERR of sysexits.h
constexpr std::uint32_t renders_per_check = 16;
constexpr float silence_peak = 1e-6f;  // -120 dBFS

template <std::size_t n>
void put_text(std::array<char, n>& to, std::string_view text) {
  const std::size_t size = std::min(text.size(), n - 1);
  std::memcpy(to.data(), text.data(), size);
  to[size] = '\0';
}

std::unique_ptr<Effect> open_chain(const ChainDescription& description) {
  std::vector<std::unique_ptr<Effect>> effects;
  for (const EffectListing& listing : description.chain) effects.push_back(open_effect(listing, description.setup));
  if (effects.size() == 1) return std::move(effects.front());
  return std::make_unique<EffectChain>(std::move(effects));
}

// Plugins that read stack memory they never wrote see zeros, not the render before.
[[gnu::noinline]] void wipe_stack() {
  constexpr std::size_t depth = 64 * 1024;
  void* below = alloca(depth);
  std::memset(below, 0, depth);
  asm volatile("" : : "r"(below) : "memory");
}

class Worker {
 public:
  Worker(Arena& arena, std::size_t index, const WorkerHooks& hooks)
      : arena_(arena), control_(*arena.at<Control>(0)), index_(index), me_(control_.worker[index]), hooks_(hooks) {}

  int run() {
    isolated_ = control_.isolate.load() != 0;
    const std::string sandbox = enter_sandbox({control_.sandbox != 0, isolated_, control_.memory_bytes});
    put_text(me_.sandbox, sandbox);
    me_.phase.store(WorkerPhase::opening);
    if (!open()) return 0;
    condition_.begin();
    take_again();
    while (!control_.shutdown.load()) {
      const std::uint32_t seen = control_.generation.load();
      if (worn()) {
        me_.retired.store(1);
        return 0;
      }
      if (control_.stream.request.load() == index_ + 1) {
        alone([this] { stream(); });
        me_.renders.fetch_add(1);
      } else if (!take_job() && !control_.shutdown.load()) {
        futex_wait(control_.generation, seen);
      }
    }
    return 0;
  }

 private:
  bool open() {
    try {
      const auto* bytes = arena_.at<const std::byte>(control_.chain);
      effect_ = open_chain(decode({bytes, control_.chain_bytes}));
      if (effect_->parameters().size() != control_.parameters) {
        throw Error(ErrorCode::plugin_failed, "cannot open '" + effect_->info().name +
                                                  "': it has other parameters than its "
                                                  "listing says; rescan the effects");
      }
      enter(WorkerPhase::ready);
      return true;
    } catch (const Error& error) {
      me_.error_code = static_cast<std::uint32_t>(error.code());
      put_text(me_.message, error.what());
    } catch (const std::exception& error) {
      me_.error_code = static_cast<std::uint32_t>(ErrorCode::plugin_failed);
      put_text(me_.message, error.what());
    }
    enter(WorkerPhase::refused);
    return false;
  }

  void enter(WorkerPhase phase) {
    me_.phase.store(phase);
    control_.opened.fetch_add(1);
    futex_wake(control_.opened, 1);
  }

  // False when there is nothing to take.
  bool take_job() {
    const Ticket ticket = control_.ticket.load();
    const Batch& batch = control_.batch;
    if (index_of(ticket) >= batch.count.load()) return false;
    const std::uint32_t freed = me_.freed.load();
    const std::uint32_t slots = batch.slots.load();
    std::uint32_t free = 0;
    while (free < slots && me_.slots[free].state.load() != SlotState::free) ++free;
    if (free == slots) {
      me_.starved.store(1);
      if (me_.freed.load() == freed) futex_wait(me_.freed, freed);
      me_.starved.store(0);
      return true;
    }
    me_.intent.store(ticket);
    Ticket expected = ticket;
    if (!control_.ticket.compare_exchange_strong(expected, ticket + 1)) return true;
    auto* jobs = arena_.at<SharedJob>(batch.jobs.load());
    const std::uint32_t job = index_of(ticket);
    std::uint32_t nobody = 0;  // unless the job was given up because a worker that wanted it died
    if (!jobs[job].owner.compare_exchange_strong(nobody, static_cast<std::uint32_t>(index_ + 1))) return true;
    finish_job(job, free);
    return true;
  }

  // A job that another process of this place has died over, if there is one.
  void take_again() {
    const Ticket again = me_.again.load();
    if (again == no_ticket) return;
    me_.intent.store(again);
    me_.again.store(no_ticket);
    std::uint32_t free = 0;
    while (me_.slots[free].state.load() != SlotState::free) ++free;  // the one it had died with
    finish_job(index_of(again), free);
  }

  void finish_job(std::uint32_t job, std::uint32_t free) {
    const Batch& batch = control_.batch;
    me_.started_ns.store(monotonic_ns());
    me_.current.store(job + 1);

    Slot& slot = me_.slots[free];
    const std::size_t position = index_ * batch.slots.load() + free;
    float* output = arena_.at<float>(batch.outputs.load() + position * batch.stride.load());
    const float* settings = arena_.at<const float>(batch.settings.load()) + std::size_t{job} * control_.parameters;
    slot.job = job;
    const SharedJob& shared = arena_.at<SharedJob>(batch.jobs.load())[job];
    alone([&] { render(shared, {settings, control_.parameters}, output, slot); });

    me_.current.store(0);
    me_.renders.fetch_add(1);
    slot.state.store(SlotState::filled);
    control_.done.fetch_add(1);
    if (control_.readers.load() > 0) futex_wake(control_.done, 1);
  }

  /// Whether a fresh process should go on here: an effect whose threads outlive their instance, or that has taken
  /// memory or files which it does not give back.
  bool worn() {
    if (isolated_ || me_.renders.load() == 0) return false;
    if (control_.isolate.load() != 0) return true;
    if (condition_.threads_left()) {
      // In children of a process without instances no such thread can disturb a later render.
      if (condition_.single()) control_.isolate.store(1);
      return true;
    }
    return me_.renders.load() % renders_per_check == 0 && condition_.grown();
  }

  /// Does `work`, where the effect needs it in a child: a copy of this process as it was when it had opened the effect.
  /// What the child meets, this process meets.
  template <typename Work>
  void alone(Work&& work) {
    if (!isolated_) {
      work();
      return;
    }
    me_.completed.store(0);
    const pid_t me = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) ::_exit(exit_no_child);
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a worker that is killed for its deadline takes the child along
      if (::getppid() != me) ::_exit(0);
      if (control_.sandbox != 0) close_sandbox();
      work();
      me_.completed.store(1);
      ::_exit(0);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
      ::signal(WTERMSIG(status), SIG_DFL);
      ::raise(WTERMSIG(status));
    }
    if (me_.completed.load() == 0) ::_exit(WEXITSTATUS(status));
  }

  void render(const SharedJob& job, std::span<const float> settings, float* output, Slot& slot) {
    slot.message[0] = '\0';
    slot.peak = 0.0f;
    RenderStatus status = RenderStatus::failed;
    const std::uint64_t start_ns = monotonic_ns();
    const double start = process_cpu_seconds();
    try {
      slot.peak = render_clip(job, settings, output);
      status = classify(slot.peak, job.clip_peak);
    } catch (const std::bad_alloc&) {
      put_text(slot.message, out_of_memory());
    } catch (const std::exception& error) {
      put_text(slot.message, error.what());
    } catch (...) {
      put_text(slot.message, "the plugin threw something that is no exception");
    }
    slot.plugin_seconds = process_cpu_seconds() - start;
    slot.wall_seconds = static_cast<double>(monotonic_ns() - start_ns) * 1e-9;
    slot.status = static_cast<std::uint32_t>(status);
  }

  float render_clip(const SharedJob& job, std::span<const float> settings, float* output) {
    if (job.frames == 0) return 0.0f;
    std::optional<EffectPass> pass;
    begin(pass, settings);
    const RenderSetup& setup = effect_->setup();
    const AudioView clip(arena_.at<const float>(job.clip), setup.channels, job.frames, job.frames, setup.sample_rate);
    std::array<float*, 2> out{};
    for (std::size_t c = 0; c < setup.channels; ++c) out[c] = output + c * job.frames;
    pass->run(clip, out, control_.peak_limit);
    const float peak = pass->peak();
    pass.reset();
    set_flush_to_zero();
    return peak;
  }

  // The state of the process in which every instance is made: the same each time.
  void begin(std::optional<EffectPass>& pass, std::span<const float> settings) {
    set_flush_to_zero();
    if (hooks_.before_render) hooks_.before_render();
    wipe_stack();
    pass.emplace(*effect_, settings);
  }

  static void set_flush_to_zero() {
    constexpr unsigned default_control = 0x1f80;  // all exceptions masked, round to nearest
    _mm_setcsr(default_control | _MM_FLUSH_ZERO_ON | _MM_DENORMALS_ZERO_ON);
  }

  std::string out_of_memory() const {
    if (control_.memory_bytes == 0) return "out of memory";
    return fmt::format("out of memory: a render may take {:.3g} GiB",
                       static_cast<double>(control_.memory_bytes) / (1 << 30));
  }

  RenderStatus classify(float peak, float clip_peak) const {
    if (std::isinf(peak)) return RenderStatus::not_finite;
    if (peak > control_.peak_limit) return RenderStatus::runaway;
    if (peak < silence_peak && clip_peak >= silence_peak) return RenderStatus::silent;
    return RenderStatus::ok;
  }

  void stream() {
    Stream& stream = control_.stream;
    me_.current.store(stream_job);
    stream.message[0] = '\0';
    StreamState end = StreamState::failed;
    RenderStatus status = RenderStatus::failed;
    try {
      const float peak = stream_all(stream);
      stream.peak = peak;
      status = classify(peak, 0.0f);
      if (status == RenderStatus::ok) end = StreamState::finished;
    } catch (const std::bad_alloc&) {
      put_text(stream.message, out_of_memory());
    } catch (const std::exception& error) {
      put_text(stream.message, error.what());
    } catch (...) {
      put_text(stream.message, "the plugin threw something that is no exception");
    }
    stream.status = static_cast<std::uint32_t>(status);
    me_.started_ns.store(0);
    me_.current.store(0);
    stream.state.store(end);
    stream.request.store(0);
    tell(stream);
  }

  static void tell(Stream& stream) {
    stream.activity.fetch_add(1);
    futex_wake(stream.activity, INT_MAX);
  }

  float stream_all(Stream& stream) {
    const std::size_t channels = control_.channels;
    const std::size_t capacity = stream.capacity;
    const float* input = arena_.at<const float>(stream.input);
    float* output = arena_.at<float>(stream.output);
    std::optional<EffectPass> pass;
    me_.started_ns.store(monotonic_ns());
    begin(pass, {arena_.at<const float>(stream.settings), control_.parameters});
    std::uint64_t read = 0;
    std::uint64_t written = 0;
    std::uint64_t told = 0;
    while (!stream.abort.load()) {
      const std::uint32_t seen = stream.activity.load();
      const bool ended = stream.ended.load() != 0;  // before `pushed`: an end that is seen comes with all its frames
      const std::uint64_t pushed = stream.pushed.load();
      if (ended && pass->finished(pushed)) break;
      // Unless the end is known the grid needs a whole block; room for a whole block of output is always asked for.
      const bool fed = ended || pushed - read >= control_.block_size;
      const bool room = written + control_.block_size <= stream.taken.load() + capacity;
      if (!fed || !room) {
        me_.started_ns.store(0);
        tell(stream);
        told = written;
        // tell() itself moved the word once; anything more came from the other side.
        futex_wait(stream.activity, seen + 1);
        continue;
      }
      me_.started_ns.store(monotonic_ns());
      std::array<const float*, 2> in{};
      for (std::size_t c = 0; c < channels; ++c) in[c] = input + c * capacity + read % capacity;
      const std::size_t count = pass->wanted(pushed);
      const EffectPass::Output piece = pass->step(in, pushed);
      if (pass->peak() > control_.peak_limit) break;
      read += count;
      for (std::size_t c = 0; c < channels; ++c) {
        const std::size_t at = written % capacity;
        const std::size_t first = std::min(piece.frames, capacity - at);
        std::copy_n(piece.data[c], first, output + c * capacity + at);
        std::copy_n(piece.data[c] + first, piece.frames - first, output + c * capacity);
      }
      written += piece.frames;
      stream.processed.store(read);
      stream.produced.store(written);
      if (written - told >= capacity / 4) {
        tell(stream);
        told = written;
      }
    }
    const float peak = pass->peak();
    pass.reset();
    set_flush_to_zero();
    return peak;
  }

  Arena& arena_;
  Control& control_;
  std::size_t index_;
  WorkerBlock& me_;
  const WorkerHooks& hooks_;
  std::unique_ptr<Effect> effect_;
  ProcessCondition condition_;
  bool isolated_ = false;
};

}  // namespace

int run_worker(int arena_descriptor, std::size_t index, const WorkerHooks& hooks) {
  Arena arena = Arena::attach(arena_descriptor);
  Worker worker(arena, index, hooks);
  return worker.run();
}

}  // namespace soundalike::farm
