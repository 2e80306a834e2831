#include "soundalike/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>

#include "base/parallel.hpp"
#include "soundalike/error.hpp"
#include "soundalike/probe.hpp"

namespace soundalike {
namespace {

constexpr std::array<std::string_view, audit_statuses> names{"renders", "silent",  "not repeatable", "not finite",
                                                             "runaway", "crashed", "hung",           "does not load"};
constexpr double longest_seconds = 3.0;

AuditStatus status_of(RenderStatus status) {
  switch (status) {
    case RenderStatus::ok:
      return AuditStatus::renders;
    case RenderStatus::silent:
      return AuditStatus::silent;
    case RenderStatus::not_finite:
      return AuditStatus::not_finite;
    case RenderStatus::runaway:
      return AuditStatus::runaway;
    case RenderStatus::crashed:
      return AuditStatus::crashed;
    case RenderStatus::timed_out:
      return AuditStatus::hung;
    default:
      return AuditStatus::does_not_load;
  }
}

AuditVerdict audit(const EffectListing& listing, double rate, const AuditOptions& options,
                   const std::stop_token& stop) {
  if (!listing.unusable.empty()) return {AuditStatus::does_not_load, listing.unusable};
  const std::size_t channels =
      std::clamp<std::size_t>(std::max(listing.info.audio_inputs, listing.info.audio_outputs), 1, 2);
  RendererOptions renderer_options = options.renderer;
  renderer_options.workers = 1;
  renderer_options.deadline_seconds = options.deadline_seconds;
  try {
    BatchRenderer renderer({listing}, {{rate}, channels}, renderer_options);
    const AudioBuffer signal = probe_signal({rate}, channels);
    std::vector<float> settings;
    for (const Parameter& parameter : renderer.parameters()) settings.push_back(parameter.default_setting());
    std::size_t frames = 0;
    const auto render_twice = [&](double seconds) {
      frames = std::min(signal.frames(), static_cast<std::size_t>(seconds * rate));
      const BatchRenderer::Job job{renderer.add_clip(signal.view().excerpt(0, frames)), settings};
      return renderer.render(std::array{job, job}, stop);
    };
    auto results = render_twice(options.seconds);
    // A delay may be longer than that.
    if (results[0].outcome.status == RenderStatus::silent) results = render_twice(longest_seconds);
    // Whatever is wrong with one of the two is what is wrong with the effect.
    const auto& worse = *std::ranges::max_element(
        results, {}, [](const RenderResult& result) { return status_of(result.outcome.status); });
    if (worse.outcome.status == RenderStatus::cancelled) throw Error(ErrorCode::cancelled, "stopped");
    const float seconds = results[0].outcome.plugin_seconds * static_cast<float>(rate / static_cast<double>(frames));
    AuditVerdict verdict{status_of(worse.outcome.status), worse.outcome.message, seconds};
    if (worse.outcome.usable() && !(results[0].audio == results[1].audio)) {
      verdict.status = AuditStatus::not_repeatable;
      verdict.reason = "the same render twice gave different audio";
    }
    return verdict;
  } catch (const Error& error) {
    // io: no worker, no memory. That says nothing about the effect.
    if (error.code() == ErrorCode::cancelled || error.code() == ErrorCode::io) throw;
    return {AuditStatus::does_not_load, error.what()};
  }
}

}  // namespace

std::string_view to_string(AuditStatus status) { return names.at(static_cast<std::size_t>(status)); }

bool is_audited(const EffectListing& listing) {
  return listing.unusable.find("no audio") == std::string::npos;  // "instrument: no audio input", "no audio ports", ...
}

std::vector<AuditRow> audit_effects(std::span<const EffectListing* const> effects, const AuditOptions& options,
                                    const Progress& progress, const std::stop_token& stop) {
  std::vector<AuditRow> rows;
  for (const EffectListing* listing : effects) {
    rows.push_back({listing, std::vector<AuditVerdict>(options.rates.size())});
  }
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::size_t done = 0;
  const auto audit_row = [&](AuditRow& row) {
    for (std::size_t i = 0; i < options.rates.size(); ++i) {
      const double rate = options.rates[i];
      auto verdict = options.store && !options.again ? options.store->find(*row.listing, rate) : std::nullopt;
      if (!verdict) {
        row.known = false;
        verdict = audit(*row.listing, rate, options, stop);
        if (options.store) options.store->put(*row.listing, rate, *verdict);
      }
      row.verdicts[i] = std::move(*verdict);
    }
  };
  std::exception_ptr error;  // thrown when what is known has been kept
  try {
    parallel_for(rows.size(), threads_or_cores(options.jobs), [&](std::size_t i) {
      if (stop.stop_requested()) return;
      audit_row(rows[i]);
      const std::lock_guard lock(mutex);
      ++done;
      if (progress) progress({"auditing", done, rows.size(), rows[i].listing->info.name});
    });
  } catch (...) {
    error = std::current_exception();
  }
  if (options.store) options.store->save();
  if (error) std::rethrow_exception(error);
  if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "the audit was stopped; what it found so far is kept");
  return rows;
}

}  // namespace soundalike
