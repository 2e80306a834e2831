#include "soundalike/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>
#include <tuple>

#include "base/parallel.hpp"
#include "evaluate/recordings.hpp"
#include "evaluate/scorer.hpp"
#include "evaluate/workbench.hpp"
#include "soundalike/error.hpp"
#include "soundalike/predictor.hpp"

namespace soundalike {
namespace {

using evaluate::Answer;
using evaluate::PairSource;
using evaluate::Scorer;
using evaluate::Stopwatch;
using evaluate::Trial;
using evaluate::Workbench;
using Clock = std::chrono::steady_clock;

std::vector<EffectListing> find_all(const std::vector<std::string>& names, const EffectLibrary& library) {
  std::vector<EffectListing> chain;
  for (const auto& name : names) chain.push_back(library.find(name));
  return chain;
}

std::string name_of(const std::vector<EffectListing>& chain) {
  std::string name;
  for (const auto& effect : chain) name += (name.empty() ? "" : " + ") + effect.info.name;
  std::ranges::replace(name, '/', '-');
  return name;
}

std::vector<std::string> ids_of(const std::vector<EffectListing>& chain) {
  std::vector<std::string> ids;
  for (const auto& effect : chain) ids.push_back(effect.info.id);
  return ids;
}

std::vector<EvaluationCase> find_cases(const Protocol& protocol, const EffectLibrary& library) {
  std::vector<EvaluationCase> cases;
  std::set<std::string> taken;
  for (const auto& wanted : protocol.cases) {
    EvaluationCase& item = cases.emplace_back();
    item.effect = find_all(wanted.effect, library);
    if (protocol.processed.empty()) {
      item.maker = wanted.made_with.empty() ? item.effect : find_all(wanted.made_with, library);
    }
    item.name = wanted.name.empty() ? name_of(item.effect) : wanted.name;
    const std::string plain = item.name;
    for (int n = 2; !taken.insert(item.name).second; ++n) item.name = fmt::format("{} {}", plain, n);
    const SettingsSpace space = Matcher(item.effect).space(protocol.match);
    item.models = evaluate::models_behind(protocol, ids_of(item.effect));
    for (const auto& knob : space.free()) item.knobs.push_back(space.parameters()[knob.parameter].id);
  }
  return cases;
}

struct Work {
  std::size_t item = 0;
  std::size_t pair = 0;
};

// One evaluation under way. Threads take pairs from a list; what they find does not depend on who finds it.
class Runner {
 public:
  Runner(Evaluation& result, const EffectLibrary& library, const EvaluateOptions& options, const Progress& progress,
         const std::stop_token& stop)
      : result_(result),
        protocol_(result.protocol),
        library_(library),
        options_(options),
        progress_(progress),
        outer_stop_(stop),
        source_(protocol_, chains(result.cases)) {
    if (!protocol_.encoder.empty()) instruments_.encoder = open_encoder(protocol_.encoder);
    for (const auto& name : result.metrics) {
      if (name != PesqCommand::name) {
        instruments_.metrics.push_back(&find_metric(name));
        continue;
      }
      instruments_.pesq.emplace(protocol_.pesq_command);
      const std::string complaint = instruments_.pesq->missing();
      if (complaint.empty()) continue;
      instruments_.no_pesq = fmt::format("the program of pesq_command cannot be run: {}", complaint);
      if (options_.remark) options_.remark("no pesq: " + instruments_.no_pesq);
    }
  }

  void run() {
    plan();
    const std::size_t threads = thread_count(options_);
    const std::size_t count = std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(work_.size(), 1));
    const std::stop_callback pass_on(outer_stop_, [this] { halt_.request_stop(); });
    auto& times = result_.times;
    times.threads = threads;
    times.add(EvaluationTimes::planning, seconds_since(created_));
    const auto began = Clock::now();
    std::vector<double> busy(threads, 0.0);
    {
      std::vector<std::jthread> labourers;
      for (std::size_t i = 0; i < count; ++i) {
        labourers.emplace_back([this, began, &spent = busy[i]] {
          labour();
          spent = seconds_since(began);
        });
      }
    }
    const double wall = seconds_since(began);
    times.wall_seconds += wall;
    for (const double spent : busy) times.seconds[EvaluationTimes::idle] += wall - spent;
    times.seconds[EvaluationTimes::other] +=
        std::max(0.0, times.wall_seconds * static_cast<double>(threads) - sum(times));
    if (failure_) std::rethrow_exception(failure_);
    result_.stopped = outer_stop_.stop_requested() && result_.records.size() < total_;
    std::ranges::sort(result_.records, {}, [](const PairRecord& r) { return std::pair(r.item, r.pair); });
  }

 private:
  static std::vector<std::vector<std::string>> chains(const std::vector<EvaluationCase>& cases) {
    std::vector<std::vector<std::string>> result;
    for (const auto& item : cases) result.push_back(ids_of(item.effect));
    return result;
  }

  // Workers are made for one case, rate and channel count: pairs that share them come one after another.
  void plan() {
    std::set<std::pair<std::size_t, std::size_t>> finished;
    std::size_t outdated = 0;
    for (const PairRecord& record : options_.finished) {
      if (record.item >= result_.cases.size() || record.pair >= source_.size()) continue;
      if (record.models != result_.cases[record.item].models) {
        ++outdated;
        continue;
      }
      finished.emplace(record.item, record.pair);
      result_.records.push_back(record);
    }
    if (outdated > 0 && options_.remark) {
      options_.remark(fmt::format("{} finished pairs are done again: their models are others now", outdated));
    }
    std::vector<std::size_t> order(source_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // The longest first: what is left when threads run out of pairs is short.
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) {
      return std::tuple(source_.sample_rate(i).hz, source_.channels(i), source_.frames(i));
    });
    for (std::size_t item = 0; item < result_.cases.size(); ++item) {
      for (const std::size_t pair : order) {
        if (!finished.contains({item, pair})) work_.push_back({item, pair});
      }
    }
    total_ = result_.cases.size() * source_.size();
  }

  void labour() {
    std::optional<Workbench> bench;
    std::size_t item = result_.cases.size();
    const auto leave = [&] {
      if (!bench) return;
      const std::scoped_lock lock(mutex_);
      result_.times.add(bench->times());
      bench.reset();
    };
    try {
      for (std::size_t i = next_++; i < work_.size() && !halt_.stop_requested(); i = next_++) {
        if (item != work_[i].item) {
          leave();
          item = work_[i].item;
          bench.emplace(protocol_, result_.cases[item], library_, options_.renderer);
        }
        PairAudio audio;
        PairRecord record = work_on(*bench, work_[i], audio);
        if (halt_.stop_requested()) break;  // half of a pair is none
        finish(std::move(record), audio);
      }
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      halt_.request_stop();
    }
    leave();
  }

  static double sum(const EvaluationTimes& times) {
    return std::accumulate(times.seconds.begin(), times.seconds.end(), 0.0);
  }

  void finish(PairRecord record, const PairAudio& audio) {
    const std::scoped_lock lock(mutex_);
    const EvaluationCase& item = result_.cases[record.item];
    if (options_.keep) options_.keep(item, record, audio);
    result_.records.push_back(std::move(record));
    ++done_;
    if (progress_) progress_({"evaluating", done_, work_.size(), item.name});
  }

  PairRecord work_on(Workbench& bench, const Work& work, PairAudio& audio) {
    const std::stop_token stop = halt_.get_token();
    PairRecord record;
    record.item = work.item;
    record.pair = work.pair;
    record.recording = source_.recording(work.pair);
    record.group = source_.group(work.pair);
    record.models = bench.item().models;
    Trial trial;
    trial.case_name = bench.item().name;
    trial.pair_name = pair_name(work.pair);
    AudioBuffer other;
    {
      const Stopwatch watch(bench.times(), EvaluationTimes::reading);
      PairSource::Dry dry = source_.load(work.pair);
      trial.input = std::move(dry.input);
      trial.target = std::move(dry.target);
      (protocol_.processed.empty() ? other : trial.reference) = std::move(dry.other);
    }
    record.skipped = bench.make(trial, other, Rng::derive(protocol_.seed, work.item)(), work.pair, stop);
    if (!record.skipped.empty() || stop.stop_requested()) return record;
    if (bench.item().same()) record.truth = evaluate::in_range(bench.space(), trial.hidden);

    bench.next_trial();
    Scorer scorer(instruments_, bench, trial);
    record.embedding = scorer.target_embedding();
    const bool kept = work.pair < protocol_.examples && options_.keep;
    for (const auto& system : result_.systems) {
      Answer answer = ask(bench, system, trial, stop);
      if (stop.stop_requested()) return record;
      if (answer.absent) continue;
      SystemRecord& scored = record.systems.emplace_back(scorer.score(system, answer));
      if (!bench.item().same()) scored.knobs.clear();
      if (kept && answer.failure.empty()) audio.emplace_back(system, std::move(answer.audio));
    }
    if (kept) {
      audio.emplace_back("input", std::move(trial.input));
      audio.emplace_back("reference", std::move(trial.reference));
      audio.emplace_back("target", std::move(trial.target));
    }
    return record;
  }

  Answer ask(Workbench& bench, const std::string& name, const Trial& trial, const std::stop_token& stop) const {
    try {
      const auto rows = evaluate::systems();
      const auto row = std::ranges::find(rows, name, &evaluate::System::name);
      if (row != rows.end()) return (*row)->answer(bench, trial, stop);
      const Stopwatch watch(bench.times(), EvaluationTimes::outside);
      return ask_outside(*std::ranges::find(protocol_.outside, name, &OutsideSystem::name), trial, stop);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::internal) throw;
      return {{}, {}, false, error.what(), false};
    }
  }

  static double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }

  const Clock::time_point created_ = Clock::now();
  Evaluation& result_;
  const Protocol& protocol_;
  const EffectLibrary& library_;
  const EvaluateOptions& options_;
  const Progress& progress_;
  std::stop_token outer_stop_;
  PairSource source_;
  evaluate::Instruments instruments_;
  std::vector<Work> work_;
  std::size_t total_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::stop_source halt_;
  std::mutex mutex_;  // of what follows, of result_, and of options_.keep
  std::size_t done_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

std::string pair_name(std::size_t pair) { return fmt::format("{:03}", pair); }

bool EvaluationCase::same() const { return !maker.empty() && ids_of(maker) == ids_of(effect); }

std::string EvaluationCase::made_with() const { return maker.empty() ? "real" : same() ? "the same" : name_of(maker); }

std::size_t thread_count(const EvaluateOptions& options) { return threads_or_cores(options.threads); }

void EvaluationTimes::add(const EvaluationTimes& more) {
  for (std::size_t i = 0; i < seconds.size(); ++i) seconds[i] += more.seconds[i];
}

void EvaluationTimes::add(Part part, double more) {
  wall_seconds += more;
  seconds[part] += more * static_cast<double>(threads);
}

double EvaluationTimes::useful_share() const {
  const double all = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  return all > 0.0 ? (seconds[renders] + seconds[networks] + seconds[measures] + seconds[outside]) / all : 1.0;
}

std::string EvaluationTimes::text() const {
  const double all = std::max(1e-9, std::accumulate(seconds.begin(), seconds.end(), 0.0));
  std::string parts;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (seconds[i] > 0.0005 * all) {
      parts += fmt::format("{}{} {:.1f} %", parts.empty() ? "" : ", ", names[i], 100.0 * seconds[i] / all);
    }
  }
  return fmt::format("{:.1f} s on {} threads: {}; {:.1f} % useful", wall_seconds, threads, parts,
                     100.0 * useful_share());
}

Evaluation evaluate_protocol(const Protocol& protocol, const EffectLibrary& library, const EvaluateOptions& options,
                             const Progress& progress, const std::stop_token& stop) {
  Evaluation result;
  result.protocol = protocol;
  result.systems = system_names(protocol);
  result.metrics = metric_names(protocol);
  for (const auto& folder : protocol.data) Corpus{folder};  // what is wrong with these is told first
  result.cases = find_cases(protocol, library);
  Runner(result, library, options, progress, stop).run();
  return result;
}

}  // namespace soundalike
