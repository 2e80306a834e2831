#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "soundalike/batch_renderer.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/progress.hpp"

namespace soundalike {

/// What became of an effect that was rendered at its defaults. The first three give audio.
enum class AuditStatus {
  renders,
  silent,          ///< below -120 dBFS although the input was not
  not_repeatable,  ///< the same render twice gave different audio
  not_finite,      ///< NaN or infinity
  runaway,         ///< a peak above +40 dBFS
  crashed,
  hung,
  does_not_load,  ///< no library, no instance, a feature that is missing
};
std::string_view to_string(AuditStatus status);
constexpr std::size_t audit_statuses = 8;

struct AuditVerdict {
  AuditStatus status = AuditStatus::does_not_load;
  std::string reason;           ///< for people; empty when it renders
  float plugin_seconds = 0.0f;  ///< processor time for a second of audio, with its instance made and removed
  bool gives_audio() const { return status <= AuditStatus::not_repeatable; }
};

/// Verdicts of earlier audits, by effect and sample rate, each good for as long as the effect's binaries stay what they
/// are: same times and sizes, or else same content. Safe to use from many threads.
///
///   AuditStore store;                                     // ~/.cache/soundalike/audit.cache
///   if (auto verdict = store.find(listing, 48000)) warn(verdict->reason);
class AuditStore {
 public:
  /// @param file absent: $XDG_CACHE_HOME/soundalike/audit.cache, else ~/.cache/soundalike/audit.cache
  explicit AuditStore(std::optional<std::filesystem::path> file = {});

  std::optional<AuditVerdict> find(const EffectListing& listing, double rate);
  void put(const EffectListing& listing, double rate, const AuditVerdict& verdict);
  /// Best effort, if there is anything new.
  void save() const;

 private:
  struct Files {
    std::uint64_t stamp = 0;  ///< of names, times and sizes
    std::optional<std::uint64_t> content;
  };
  struct Entry {
    Files files;
    AuditVerdict verdict;
  };
  Files& files_of(const EffectListing& listing);
  std::uint64_t content_of(const EffectListing& listing);

  std::optional<std::filesystem::path> file_;
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, long>, Entry> entries_;
  std::map<std::filesystem::path, Files> present_;  ///< of each bundle, looked at once
  bool changed_ = false;
};

struct AuditOptions {
  std::vector<double> rates{48000.0, 24000.0};
  double seconds = 1.0;            ///< of audio
  double deadline_seconds = 10.0;  ///< per render, and for loading
  std::size_t jobs = 0;            ///< effects at a time; 0: one per core
  bool again = false;              ///< also what has a verdict in the store
  AuditStore* store = nullptr;     ///< verdicts are taken from and put here; null: all are made
  RendererOptions renderer;        ///< workers and deadline are the audit's own
};

struct AuditRow {
  const EffectListing* listing;
  std::vector<AuditVerdict> verdicts;  ///< one per rate
  bool known = true;                   ///< all were in the store
};

/// Whether the audit is about it: everything but plugins that are no effects, such as instruments and analysers.
bool is_audited(const EffectListing& listing);

/// Renders the signal that probes use through each effect, twice at its defaults and at each rate, each effect in a
/// process of its own. Where that is silent, a longer part of the signal. Rows in the order of `effects`. @throws Error
/// cancelled; io where the worker program cannot be started, which is no verdict on any effect. What was found before
/// is in the store.
std::vector<AuditRow> audit_effects(std::span<const EffectListing* const> effects, const AuditOptions& options,
                                    const Progress& progress = {}, const std::stop_token& stop = {});

}  // namespace soundalike
