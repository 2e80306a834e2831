#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "soundalike/anchor.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/study_stimuli.hpp"
#include "study/signal_facts.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

TrialKind kind_of(const StudyItem& item, const StimuliOptions& options) { return item.kind.value_or(options.kind); }

constexpr double ceiling_dbtp = -1.0;

// The conditions that the builder makes; a system must not have these names.
constexpr const char* hidden_name = "reference";
constexpr const char* anchor35_name = "anchor35";
constexpr const char* anchor70_name = "anchor70";

struct Signal {
  std::string condition;
  AudioBuffer audio;
};

AudioBuffer read_signal(const fs::path& file, const StimuliOptions& options) {
  AudioFileReader reader(file);
  const SampleRate rate = reader.info().sample_rate;
  std::size_t frames = reader.info().frames;
  if (options.seconds) frames = std::min(frames, static_cast<std::size_t>(std::llround(*options.seconds * rate.hz)));
  return reader.read(frames);
}

std::vector<Signal> read_item(const StudyItem& item, const StimuliOptions& options) {
  std::vector<Signal> signals;
  std::vector<SignalFacts> facts;
  const auto add = [&](const std::string& condition, const fs::path& file) {
    signals.push_back({condition, read_signal(file, options)});
    facts.push_back(facts_of(signals.back().audio, file.string()));
  };
  if (!item.reference.empty()) add(hidden_name, item.reference);
  for (const TrialSignal& system : item.systems) add(system.condition, system.file);
  const auto reasons = mismatches(facts);
  if (!reasons.empty()) {
    throw Error(ErrorCode::bad_audio, fmt::format("cannot make trial '{}': {}", item.id, reasons.front()));
  }
  if (!options.align) return signals;
  // One level for the trial: as wanted, unless that would clip somewhere.
  double lufs = options.lufs;
  for (const SignalFacts& f : facts) lufs = std::min(lufs, f.lufs + ceiling_dbtp - f.true_peak_db);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const auto gain = static_cast<float>(from_db(lufs - facts[i].lufs));
    for (float& x : signals[i].audio.samples()) x *= gain;
  }
  return signals;
}

void add_anchors(std::vector<Signal>& signals, const StimuliOptions& options) {
  const AudioBuffer reference = signals.front().audio;
  if (options.anchor35) signals.push_back({anchor35_name, low_pass_anchor(reference, 3500.0)});
  if (options.anchor70) signals.push_back({anchor70_name, low_pass_anchor(reference, 7000.0)});
  // Without its highs a wave may peak higher.
  float peak = 0.0f;
  for (const Signal& signal : signals) peak = std::max(peak, peak_of(signal.audio.samples()));
  if (peak <= 1.0f) return;
  for (Signal& signal : signals) {
    for (float& x : signal.audio.samples()) x /= peak;
  }
}

StudyTrial write_item(const fs::path& folder, const StudyItem& item, const StimuliOptions& options) {
  const TrialKind kind = kind_of(item, options);
  const bool mushra = kind == TrialKind::mushra;
  auto signals = read_item(item, options);
  if (mushra) add_anchors(signals, options);
  StudyTrial trial{.id = item.id, .kind = kind, .training = item.training, .group = item.group, .prompt = item.prompt};
  if (kind == TrialKind::likert) trial.scale = item.scale.empty() ? options.scale : item.scale;
  const fs::path inner = fs::path("stimuli") / item.id;
  fs::create_directories(folder / inner);
  for (const Signal& signal : signals) {
    const fs::path file = inner / (signal.condition + ".wav");
    write_audio(folder / file, signal.audio, SampleFormat::int24);
    const bool reference = signal.condition == hidden_name;
    if (reference) trial.reference = file;
    if (!reference || (mushra && options.hidden_reference)) trial.signals.push_back({signal.condition, file});
  }
  return trial;
}

// What a condition that was given is: an anchor by the standard's names counts as that, unless it is to be made.
ConditionRole role_of(const std::string& condition, bool mushra, const StimuliOptions& options) {
  const bool made = (condition == anchor35_name && mushra && options.anchor35) ||
                    (condition == anchor70_name && mushra && options.anchor70);
  if (made || condition == hidden_name) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot make a study with a condition '{}': that name is the builder's own", condition));
  }
  if (condition == anchor35_name) return ConditionRole::anchor35;
  if (condition == anchor70_name) return ConditionRole::anchor70;
  const bool extra = std::ranges::find(options.extra_anchors, condition) != options.extra_anchors.end();
  return extra ? ConditionRole::anchor : ConditionRole::system;
}

std::vector<StudyCondition> conditions_of(const std::vector<StudyItem>& items, const StimuliOptions& options) {
  std::vector<StudyCondition> conditions;
  const bool mushra =
      std::ranges::any_of(items, [&](const StudyItem& item) { return kind_of(item, options) == TrialKind::mushra; });
  for (const StudyItem& item : items) {
    for (const TrialSignal& system : item.systems) {
      if (std::ranges::find(conditions, system.condition, &StudyCondition::name) == conditions.end()) {
        conditions.push_back({system.condition, role_of(system.condition, mushra, options)});
      }
    }
  }
  if (!mushra) return conditions;
  if (options.hidden_reference) conditions.push_back({hidden_name, ConditionRole::reference});
  if (options.anchor35) conditions.push_back({anchor35_name, ConditionRole::anchor35});
  if (options.anchor70) conditions.push_back({anchor70_name, ConditionRole::anchor70});
  return conditions;
}

void check_counts(const std::vector<StudyItem>& items, const StimuliOptions& options) {
  std::set<std::string> ids;
  for (const StudyItem& item : items) {
    if (!ids.insert(item.id).second) {
      throw Error(ErrorCode::invalid_argument, fmt::format("cannot make a study with two trials '{}'", item.id));
    }
    if (kind_of(item, options) != TrialKind::mushra) continue;
    if (item.reference.empty()) {
      throw Error(ErrorCode::invalid_argument, fmt::format("cannot make trial '{}': it has no reference", item.id));
    }
    const std::size_t anchors = (options.anchor35 ? 1 : 0) + (options.anchor70 ? 1 : 0);
    const std::size_t all = item.systems.size() + (options.hidden_reference ? 1 : 0) + anchors;
    if (all > most_signals) {
      throw Error(
          ErrorCode::invalid_argument,
          fmt::format("cannot make trial '{}': {} systems, the hidden reference and {} anchors make {} signals; "
                      "BS.1534-3 allows {}",
                      item.id, item.systems.size(), anchors, all, most_signals));
    }
  }
}

// A folder under another name until it is complete; removed if it never is.
class PendingFolder {
 public:
  explicit PendingFolder(const fs::path& folder) : target_(folder), hidden_(folder) {
    if (fs::exists(folder)) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot make study '{}': it exists already", folder.string()));
    }
    if (!hidden_.has_filename()) hidden_ = hidden_.parent_path();
    target_ = hidden_;
    hidden_.replace_filename("." + hidden_.filename().string() + ".part");
    fs::remove_all(hidden_);
    fs::create_directories(hidden_);
  }
  ~PendingFolder() {
    std::error_code ignored;
    if (!done_) fs::remove_all(hidden_, ignored);
  }
  PendingFolder(const PendingFolder&) = delete;
  PendingFolder& operator=(const PendingFolder&) = delete;
  const fs::path& path() const { return hidden_; }
  void commit() {
    fs::rename(hidden_, target_);
    done_ = true;
  }

 private:
  fs::path target_, hidden_;
  bool done_ = false;
};

}  // namespace

StudyDefinition build_study(const fs::path& folder, StudyDefinition study, const std::vector<StudyItem>& items,
                            const StimuliOptions& options, const Progress& progress, const std::stop_token& stop) {
  check_counts(items, options);
  study.conditions = conditions_of(items, options);
  study.trials.clear();
  PendingFolder pending(folder);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped; no study was made");
    if (progress) progress({"making signals", i, items.size(), items[i].id});
    study.trials.push_back(write_item(pending.path(), items[i], options));
  }
  const std::string text = to_toml(study);
  parse_study(text, study_file);  // what is written can be read
  write_file(pending.path() / study_file, text);
  pending.commit();
  return study;
}

}  // namespace soundalike
