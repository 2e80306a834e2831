#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/study_definition.hpp"
#include "study/signal_facts.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

// ITU-R BS.1534-3, as far as software can check it.
class Lint {
 public:
  Lint(const StudyDefinition& study, const fs::path& folder) : study_(study), folder_(folder) {}

  std::vector<LintFinding> run() {
    check_texts();
    for (const StudyTrial& trial : study_.trials) check_trial(trial);
    check_counts();
    check_training();
    return std::move(findings_);
  }

 private:
  void error(const std::string& where, const std::string& message) { findings_.push_back({true, where, message}); }
  void warn(const std::string& where, const std::string& message) { findings_.push_back({false, where, message}); }

  bool has_role(const StudyTrial& trial, ConditionRole role) const {
    return std::ranges::any_of(trial.signals, [&](const TrialSignal& s) { return study_.role(s.condition) == role; });
  }
  bool mushra() const {
    return std::ranges::any_of(study_.trials, [](const StudyTrial& t) { return t.kind == TrialKind::mushra; });
  }

  void check_texts() {
    if (study_.attribute.empty()) warn("study", "'attribute' does not say what is judged; one thing at a time");
    if (study_.consent.empty()) warn("study", "'consent' is empty: say what is stored and how to have it erased");
    if (mushra() && study_.instructions.empty()) warn("study", "'instructions' is empty");
    const bool asks_device = std::ranges::any_of(study_.questions, [](const StudyQuestion& q) {
      return std::ranges::any_of(q.choices, [](const std::string& c) {
        return c.find("phone") != std::string::npos || c.find("speaker") != std::string::npos;
      });
    });
    if (!asks_device) {
      warn("study", "no question asks for headphones or loudspeakers; a test should use one of them throughout");
    }
  }

  std::optional<SignalFacts> facts(const fs::path& file, const std::string& where) {
    const auto known = known_.find(file);
    if (known != known_.end()) return known->second;
    std::optional<SignalFacts> found;
    try {
      found = facts_of(read_audio(folder_ / file), file.generic_string());
    } catch (const Error& e) {
      error(where, e.what());
    }
    if (found && file.extension() != ".wav") error(where, fmt::format("'{}' must be WAV", file.generic_string()));
    return known_[file] = found;
  }

  void check_trial(const StudyTrial& trial) {
    const std::string where = "trial " + trial.id;
    std::vector<SignalFacts> all;
    std::optional<SignalFacts> reference;
    if (!trial.reference.empty()) {
      reference = facts(trial.reference, where);
      if (reference) all.push_back(*reference);
    }
    std::map<std::string, std::string> by_digest;
    for (const TrialSignal& signal : trial.signals) {
      const auto found = facts(signal.file, where);
      if (!found) continue;
      all.push_back(*found);
      const ConditionRole role = study_.role(signal.condition);
      if (role == ConditionRole::reference && reference && found->digest != reference->digest) {
        error(where,
              fmt::format("the hidden reference '{}' differs from the open one '{}'", found->name, reference->name));
      }
      const auto [same, fresh] = by_digest.emplace(found->digest, signal.condition);
      if (!fresh)
        warn(where, fmt::format("'{}' and '{}' are the same, sample by sample", same->second, signal.condition));
      const double off = reference ? found->lufs - reference->lufs : 0.0;
      if (role == ConditionRole::system && std::fabs(off) > 1.0 && reference->lufs > -70.0 && found->lufs > -70.0) {
        warn(where, fmt::format("'{}' is {:+.1f} LU from the reference; loudness should be aligned", found->name, off));
      }
    }
    for (const std::string& reason : mismatches(all)) error(where, reason);
    if (!all.empty() && all[0].seconds() > longest_signal_seconds && study_.length_reason.empty()) {
      warn(where, fmt::format("signals are {:.1f} s long; BS.1534-3 wants at most {} s: shorten them, or say why in "
                              "'length_reason'",
                              all[0].seconds(), longest_signal_seconds));
    }
    if (trial.kind == TrialKind::mushra) check_mushra(trial, where);
  }

  void check_mushra(const StudyTrial& trial, const std::string& where) {
    if (trial.signals.size() > most_signals) {
      error(where, fmt::format("{} signals, reference and anchors among them; BS.1534-3 allows {}",
                               trial.signals.size(), most_signals));
    }
    struct Needed {
      ConditionRole role;
      const char* what;
    };
    constexpr Needed needed[] = {{ConditionRole::reference, "hidden reference"},
                                 {ConditionRole::anchor35, "3.5 kHz anchor"},
                                 {ConditionRole::anchor70, "7 kHz anchor"}};
    for (const auto& [role, what] : needed) {
      if (!has_role(trial, role)) warn(where, fmt::format("no {}: call the test MUSHRA-style, not MUSHRA", what));
    }
  }

  void check_counts() {
    std::set<std::string> systems;
    std::map<std::size_t, std::size_t> trials_by_count;
    std::size_t trials = 0;
    for (const StudyTrial& trial : study_.trials) {
      if (trial.training || trial.kind != TrialKind::mushra) continue;
      ++trials;
      std::size_t here = 0;
      for (const TrialSignal& s : trial.signals) {
        if (study_.role(s.condition) != ConditionRole::system) continue;
        systems.insert(s.condition);
        ++here;
      }
      ++trials_by_count[here];
    }
    if (trials == 0) return;
    const auto wanted = std::max<std::size_t>(5, (3 * systems.size() + 1) / 2);
    if (trials < wanted) {
      warn("study",
           fmt::format("{} excerpts for {} systems; BS.1534-3 wants about one and a half per system and at least "
                       "five: {}",
                       trials, systems.size(), wanted));
    }
    if (trials_by_count.size() > 1) warn("study", "not every trial has the same systems; comparisons are unbalanced");
  }

  void check_training() {
    std::set<std::string> all, trained;
    for (const StudyTrial& trial : study_.trials) {
      for (const TrialSignal& s : trial.signals) (trial.training ? trained : all).insert(s.condition);
    }
    if (trained.empty()) {
      warn("study", "no training trial: listeners should hear the whole range before they grade");
      return;
    }
    for (const std::string& condition : all) {
      if (!trained.contains(condition)) warn("study", fmt::format("condition '{}' is not in the training", condition));
    }
  }

  const StudyDefinition& study_;
  const fs::path& folder_;
  std::map<fs::path, std::optional<SignalFacts>> known_;
  std::vector<LintFinding> findings_;
};

}  // namespace

std::vector<LintFinding> lint(const StudyDefinition& study, const fs::path& folder) {
  return Lint(study, folder).run();
}

}  // namespace soundalike
