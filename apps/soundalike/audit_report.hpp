#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "soundalike/audit.hpp"

namespace soundalike::cli {

class Context;

/// What an audit found, as `soundalike effects audit` shows it. All take rows of one audit and the rates it was made
/// at.
struct AuditReport {
  std::span<const AuditRow> rows;
  std::span<const double> rates;

  /// How many of the verdicts at a rate give audio, in percent; 100 when there are none.
  double percent_with_audio(std::size_t rate) const;
  /// For people: a table of counts by format and pack, then every effect that does not simply render.
  std::string text(std::size_t width, bool colored) const;
  /// The same as Markdown tables.
  std::string markdown() const;
  /// A row per effect and rate: id, name, format, pack, rate, status, ms of the plugin per second of audio, reason.
  std::string csv() const;
  nlohmann::ordered_json json() const;
};

/// Warns when the effect did not give audio in the last audit of its present files.
void warn_of_audit(const EffectListing& listing, Context& context);

}  // namespace soundalike::cli
